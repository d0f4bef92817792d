// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, isFinal, Unreachable } from "./errors.js";
import { RestClient } from "./rest.js";

const fetched = vi.fn<typeof fetch>();
const client = new RestClient({
  baseUrl: "https://api.example.com/live",
  authorization: () => "Bearer secret",
});

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
});
afterEach(() => void vi.useRealTimers());

function answer(status: number, body: string): void {
  fetched.mockResolvedValue(new Response(body, { status }));
}

test("sends JSON with the credential and reads JSON", async () => {
  answer(201, '{"seq":4}');
  expect(await client.post("/messages", { text: "Hello" })).toEqual({ seq: 4 });
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect(url).toBe("https://api.example.com/live/messages");
  expect(init).toMatchObject({
    method: "POST",
    body: '{"text":"Hello"}',
    headers: { Authorization: "Bearer secret", "Content-Type": "application/json" },
  });
});

test("puts the query into the address", async () => {
  answer(200, "{}");
  await client.get("/messages", { after: 12 });
  expect(fetched.mock.calls[0]?.[0]).toBe("https://api.example.com/live/messages?after=12");
});

test("a refusal carries code, message and field", async () => {
  answer(422, '{"error":{"code":"invalid","message":"Missing.","field":"answers.email"}}');
  const error: unknown = await client.post("/x").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, code: "invalid", field: "answers.email" });
  expect(isFinal(error)).toBe(true);
});

test("a refusal says when to ask again", async () => {
  answer(429, '{"error":{"code":"too_many","message":"Wait.","field":null,"retry_after":30}}');
  const error: unknown = await client.post("/x").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "too_many", retryAfter: 30 });
  expect(isFinal(error)).toBe(false);
});

test.each([
  [429, false],
  [500, false],
  [503, false],
  [403, true],
])("an answer %i of the gateway is final: %s", async (status, final) => {
  answer(status, '{"message":"Too Many Requests"}');
  const error: unknown = await client.get("/x").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: `http_${status}` });
  expect(isFinal(error)).toBe(final);
});

test("no connection and unreadable answers are not final", async () => {
  fetched.mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(client.get("/x")).rejects.toBeInstanceOf(Unreachable);
  answer(200, "<html>");
  await expect(client.get("/x")).rejects.toBeInstanceOf(Unreachable);
});

test("does not wait for ever", async () => {
  vi.useFakeTimers();
  fetched.mockImplementation(
    (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      }),
  );
  const request = expect(client.get("/x")).rejects.toBeInstanceOf(Unreachable);
  await vi.advanceTimersByTimeAsync(15_000);
  await request;
});
