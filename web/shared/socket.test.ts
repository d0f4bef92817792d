import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, Interrupted, Refused, Unreachable } from "./errors.js";
import { LambdeskSocket, type SocketOptions } from "./socket.js";
import { pushed } from "./testing/events.js";
import { FakeSocket } from "./testing/FakeSocket.js";

let opened: FakeSocket[] = [];
let tickets = 0;
const onSynced = vi.fn();
const onPush = vi.fn();
const onRefused = vi.fn();
let socket: LambdeskSocket;

function begin(options: Partial<SocketOptions> = {}): LambdeskSocket {
  socket = new LambdeskSocket({
    url: "wss://example.com/live",
    ticket: () => Promise.resolve(`ticket ${++tickets}`),
    onSynced,
    onPush,
    onRefused,
    heartbeat: () => 60_000,
    open: (url) => {
      const fake = new FakeSocket(url);
      opened.push(fake);
      return fake;
    },
    ...options,
  });
  socket.start();
  return socket;
}

function newest(): FakeSocket {
  const fake = opened.at(-1);
  if (!fake) throw new Error("No connection was opened.");
  return fake;
}

async function live(): Promise<FakeSocket> {
  begin();
  await vi.advanceTimersByTimeAsync(0);
  newest().accept();
  newest().answerSync();
  await vi.advanceTimersByTimeAsync(0);
  return newest();
}

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  tickets = 0;
  vi.clearAllMocks();
});
afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

describe("connecting", () => {
  test("is live from the answer to sync on", async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(newest().url).toBe("wss://example.com/live?ticket=ticket%201");
    newest().accept();
    expect(newest().last.type).toBe("sync");
    expect(socket.state.value).toBe("connecting");
    newest().answerSync({ c1: 7 });
    await vi.advanceTimersByTimeAsync(0);
    expect(socket.state.value).toBe("live");
    expect(onSynced).toHaveBeenCalledWith(expect.objectContaining({ positions: { c1: 7 } }));
  });

  test("hands pushes on and ignores what is not a frame", async () => {
    const fake = await live();
    fake.push(pushed(3, 2));
    fake.push("not JSON");
    fake.push("null");
    expect(onPush).toHaveBeenCalledExactlyOnceWith(pushed(3, 2));
  });

  test("connects again with a fresh ticket when the connection is lost", async () => {
    const fake = await live();
    fake.drop();
    expect(socket.state.value).toBe("connecting");
    await vi.advanceTimersByTimeAsync(500);
    expect(opened).toHaveLength(2);
    expect(newest().url).toContain("ticket%202");
  });

  test("waits longer after each failure, never more than half a minute", async () => {
    begin({ ticket: () => Promise.reject(new Unreachable("down")) });
    await vi.advanceTimersByTimeAsync(0);
    expect(socket.state.value).toBe("offline");
    const ticket = vi.fn(() => Promise.reject(new Unreachable("down")));
    socket.stop();
    begin({ ticket });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(ticket.mock.calls.length).toBeGreaterThan(20);
    expect(ticket.mock.calls.length).toBeLessThan(50);
  });

  test("stops when a ticket is refused", async () => {
    const error = new ApiError(401, "unauthenticated", "No.");
    begin({ ticket: () => Promise.reject(error) });
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(onRefused).toHaveBeenCalledExactlyOnceWith(error);
    expect(socket.state.value).toBe("offline");
  });

  test("gives up a connection that does not open in time", async () => {
    begin();
    await vi.advanceTimersByTimeAsync(0);
    const first = newest();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(first.closed).toBe(true);
    expect(opened.length).toBeGreaterThan(1);
  });

  test("leaves before the server ends the connection", async () => {
    begin({ heartbeat: () => 24 * 60 * 60_000 });
    await vi.advanceTimersByTimeAsync(0);
    newest().accept();
    newest().answerSync();
    await vi.advanceTimersByTimeAsync(119 * 60_000);
    expect(opened[0]?.closed).toBe(true);
    expect(opened.length).toBeGreaterThan(1);
  });
});

describe("heartbeat", () => {
  test("is a sync after each interval", async () => {
    const fake = await live();
    for (let beats = 2; beats < 5; beats += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      expect(fake.sent).toHaveLength(beats);
      fake.answerSync();
    }
    expect(opened).toHaveLength(1);
  });

  test("that is not answered ends the connection", async () => {
    const fake = await live();
    await vi.advanceTimersByTimeAsync(60_000 + 10_000);
    expect(fake.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(opened).toHaveLength(2);
  });

  test("comes at once when the page is looked at again", async () => {
    const fake = await live();
    document.dispatchEvent(new Event("visibilitychange"));
    expect(fake.sent).toHaveLength(2);
  });

  test("the browser coming online ends the pause", async () => {
    begin({ ticket: () => Promise.reject(new Unreachable("down")) });
    await vi.advanceTimersByTimeAsync(120_000);
    socket.stop();
    const fake = await live();
    dispatchEvent(new Event("offline"));
    expect(fake.closed).toBe(true);
    const before = opened.length;
    dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(0);
    expect(opened.length).toBe(before + 1);
  });
});

describe("requests", () => {
  const command = {
    type: "message.send",
    conversation_id: "c1",
    message_id: "message-1",
    text: "Hello",
  } as const;

  test("are answered by ref", async () => {
    const fake = await live();
    const first = socket.request(command);
    const ref = fake.last.ref;
    const second = socket.request({ ...command, message_id: "message-2" });
    fake.push({ type: "ok", ref: fake.last.ref, seq: 2 });
    fake.push({ type: "ok", ref, seq: 1 });
    expect((await first).seq).toBe(1);
    expect((await second).seq).toBe(2);
  });

  test("fail with the server's error", async () => {
    const fake = await live();
    const request = socket.request(command);
    const error = {
      code: "conversation_closed",
      message: "It has ended.",
      field: null,
      retry_after: null,
    };
    fake.push({ type: "error", ref: fake.last.ref, error });
    await expect(request).rejects.toMatchObject({ code: "conversation_closed", final: true });
    await expect(request).rejects.toBeInstanceOf(Refused);
  });

  test("that are too many can be made again later, on the same connection", async () => {
    const fake = await live();
    const error = { code: "too_many", message: "Wait.", field: null, retry_after: 3 };
    const request = socket.request(command);
    fake.push({ type: "error", ref: fake.last.ref, error });
    await expect(request).rejects.toMatchObject({ final: false, retryAfter: 3 });
    socket.wake();
    fake.push({ type: "error", ref: fake.last.ref, error });
    const before = fake.sent.length;
    await vi.advanceTimersByTimeAsync(2_999);
    expect(fake.sent).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.last.type).toBe("sync");
    expect(fake.sent).toHaveLength(before + 1);
    expect(opened).toHaveLength(1);
  });

  test("a connection that had to make room for others comes back only when it may", async () => {
    const fake = await live();
    const error = { code: "too_many", message: "Wait.", field: null, retry_after: 60 };
    fake.push({ type: "error", ref: null, error });
    fake.drop();
    expect(fake.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(opened).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_001);
    expect(opened).toHaveLength(2);
  });

  test("fail when there is no answer, and then the connection is made again", async () => {
    const fake = await live();
    const request = socket.request(command);
    const outcome = expect(request).rejects.toBeInstanceOf(Interrupted);
    await vi.advanceTimersByTimeAsync(10_500);
    await outcome;
    expect(fake.closed).toBe(true);
    expect(opened).toHaveLength(2);
  });

  test("fail with an error that does not say whose it is, and the connection stays", async () => {
    const fake = await live();
    const request = socket.request(command);
    fake.refuseUnread();
    await expect(request).rejects.toMatchObject({ code: "invalid", final: true });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(fake.closed).toBe(false);
  });

  test("fail with the gateway's error, to be tried again", async () => {
    const fake = await live();
    const request = socket.request(command);
    fake.push('{"message":"Internal server error","connectionId":"x","requestId":"y"}');
    await expect(request).rejects.toMatchObject({ code: "internal", final: false });
    expect(fake.closed).toBe(false);
  });

  test("of several, none is refused for good by an error that names none", async () => {
    const fake = await live();
    const outcomes = Promise.allSettled([
      socket.request(command),
      socket.request({ ...command, message_id: "message-2" }),
    ]);
    fake.refuseUnread();
    for (const outcome of await outcomes) {
      expect("reason" in outcome && outcome.reason instanceof Interrupted).toBe(true);
    }
  });

  test("a heartbeat under way is not what an error without a name is about", async () => {
    const fake = await live();
    socket.wake();
    const request = socket.request(command);
    fake.refuseUnread();
    await expect(request).rejects.toBeInstanceOf(Refused);
    expect(fake.closed).toBe(false);
  });

  test("are not to blame when the browser goes offline", async () => {
    await live();
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const request = socket.request(command);
    dispatchEvent(new Event("offline"));
    await expect(request).rejects.not.toBeInstanceOf(Interrupted);
  });

  test("fail at once without a connection", async () => {
    begin();
    await expect(socket.request(command)).rejects.toBeInstanceOf(Unreachable);
  });
});
