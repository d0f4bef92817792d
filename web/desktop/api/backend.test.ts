import { beforeEach, expect, test, vi } from "vitest";
import { createBackend, type Backend } from "./backend.js";
import { SignedOut, type Session } from "./session.js";

const answers: Response[] = [];
const onSignedOut = vi.fn();
const idToken = vi.fn<() => Promise<string>>();
const distrust = vi.fn();
let backend: Backend;

function answer(status: number, body: unknown): void {
  answers.push(new Response(JSON.stringify(body), { status }));
}

function requests(): [string, string | undefined][] {
  return vi.mocked(fetch).mock.calls.map(([url, init]) => {
    const headers = init?.headers as Record<string, string>;
    return [url as string, headers["Authorization"]];
  });
}

beforeEach(() => {
  answers.length = 0;
  onSignedOut.mockReset();
  idToken.mockReset().mockResolvedValue("old");
  distrust.mockReset().mockImplementation(() => idToken.mockResolvedValue("new"));
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(answers.shift())),
  );
  const session = { idToken, distrust } as unknown as Session;
  backend = createBackend("https://api.example.com", session, onSignedOut);
});

test("the ID token is sent as it is", async () => {
  answer(200, {});
  await backend.events("c/1", 7);
  expect(requests()).toEqual([
    ["https://api.example.com/agent/conversations/c%2F1/events?after=7", "old"],
  ]);
});

test("a desk of several pages is one desk", async () => {
  answer(200, { agent: 1, offers: ["a"], conversations: ["b"], next_page: "b" });
  answer(200, { agent: 2, offers: [], conversations: ["c"], next_page: null });
  await expect(backend.desk()).resolves.toEqual({
    agent: 2,
    offers: ["a"],
    conversations: ["b", "c"],
    next_page: null,
  });
  expect(requests().map(([url]) => url)).toEqual([
    "https://api.example.com/agent/desk",
    "https://api.example.com/agent/desk?page=b",
  ]);
});

test("a refused token is renewed, and the request made again", async () => {
  answer(401, { message: "Unauthorized" });
  answer(200, { agent: null });
  await backend.desk();
  expect(distrust).toHaveBeenCalledExactlyOnceWith("old");
  expect(requests().map(([, token]) => token)).toEqual(["old", "new"]);
  expect(onSignedOut).not.toHaveBeenCalled();
});

test("a renewed token that is refused as well signs out", async () => {
  answer(401, {});
  answer(401, {});
  await expect(backend.desk()).rejects.toMatchObject({ status: 401 });
  expect(onSignedOut).toHaveBeenCalledOnce();
});

test("a token that cannot be renewed signs out", async () => {
  idToken.mockReset().mockRejectedValue(new SignedOut());
  await expect(backend.desk()).rejects.toBeInstanceOf(SignedOut);
  expect(onSignedOut).toHaveBeenCalledOnce();
});

test("other refusals do not", async () => {
  answer(403, { error: { code: "forbidden", message: "no", field: null } });
  await expect(backend.desk()).rejects.toMatchObject({ code: "forbidden" });
  expect(onSignedOut).not.toHaveBeenCalled();
});
