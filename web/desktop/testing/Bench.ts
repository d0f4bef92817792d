import { vi } from "vitest";
import type { AnyFrame, AgentTranscript, Desk, Event, Offer } from "../../shared/protocol.js";
import { LambdeskSocket } from "../../shared/socket.js";
import { BrowserStore } from "../../shared/storage.js";
import { FakeSocket } from "../../shared/testing/FakeSocket.js";
import type { Backend } from "../api/backend.js";
import { Workplace } from "../state/workplace.js";
import { conversation, desk } from "./samples.js";

/** A workplace with a real socket client, whose server is the test. */
export class Bench {
  readonly sockets: FakeSocket[] = [];
  readonly onOpened = vi.fn();
  readonly onReleased = vi.fn();
  readonly onProblem = vi.fn();
  /** What the REST API answers. */
  snapshot: Desk = desk();
  transcripts: Record<string, readonly Event[]> = {};
  /** How many milliseconds the server's clock is ahead of this computer's. */
  skew = 0;
  readonly deskRequests = vi.fn(() =>
    Promise.resolve({ ...this.snapshot, at: new Date(Date.now() + this.skew).toISOString() }),
  );
  readonly eventRequests = vi.fn((id: string, after: number) =>
    Promise.resolve(this.#page(id, after)),
  );
  readonly backRequests = vi.fn((id: string, before: number) =>
    Promise.resolve(this.#pageBefore(id, before)),
  );
  /** The most events of a page that is read backwards. */
  pageLength = 200;
  readonly workplace: Workplace;

  constructor() {
    const backend: Backend = {
      desk: this.deskRequests,
      queues: () => Promise.reject(new Error("Nobody asks for queues here.")),
      events: this.eventRequests,
      eventsBefore: this.backRequests,
      socketTicket: () => Promise.resolve("ticket"),
    };
    this.workplace = new Workplace({
      backend,
      connect: (options) =>
        new LambdeskSocket({
          ...options,
          url: "wss://example.com",
          open: (url) => {
            const socket = new FakeSocket(url);
            this.sockets.push(socket);
            return socket;
          },
        }),
      agentId: "agent-1",
      session: new BrowserStore("sessionStorage"),
      local: new BrowserStore("localStorage"),
      onOpened: this.onOpened,
      onReleased: this.onReleased,
      onProblem: this.onProblem,
    });
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("No connection was opened.");
    return socket;
  }

  /** Starts, and comes to the moment at which all is loaded. */
  async open(): Promise<this> {
    this.workplace.start();
    await settle();
    await this.connect();
    return this;
  }

  async connect(): Promise<void> {
    this.socket.accept();
    this.socket.answerSync();
    await settle();
  }

  /** The connection is lost, and made again. */
  async reconnect(within = 1_000): Promise<void> {
    const before = this.sockets.length;
    this.socket.drop();
    for (let waited = 0; this.sockets.length === before && waited < within; waited += 100) {
      await vi.advanceTimersByTimeAsync(100);
    }
    if (this.sockets.length === before) throw new Error("It did not connect again.");
    await this.connect();
  }

  push(frame: AnyFrame): void {
    this.socket.push(frame);
  }

  async answer(frame: { ok?: number | null; error?: string }): Promise<void> {
    const { ref } = this.socket.last;
    const detail = { code: frame.error ?? "", message: "no", field: null, retry_after: null };
    this.push(
      frame.error
        ? { type: "error", ref, error: detail }
        : { type: "ok", ref, seq: frame.ok ?? null },
    );
    await settle();
  }

  present(offer: Offer): void {
    this.push({ type: "offer.presented", offer });
  }

  #page(id: string, after: number): AgentTranscript {
    const events = (this.transcripts[id] ?? []).filter(({ seq }) => seq > after);
    return this.#reply(id, events, events.at(-1)?.seq ?? after, false);
  }

  #pageBefore(id: string, before: number): AgentTranscript {
    const older = (this.transcripts[id] ?? []).filter(({ seq }) => seq < before);
    const events = older.slice(-this.pageLength);
    return this.#reply(id, events, events.at(-1)?.seq ?? 0, events.length < older.length);
  }

  #reply(id: string, events: readonly Event[], position: number, more: boolean): AgentTranscript {
    const { conversations } = this.snapshot;
    const view = conversations.find((listed) => listed.conversation_id === id) ?? conversation(id);
    const newest = this.transcripts[id]?.at(-1)?.seq ?? 0;
    return {
      conversation: { ...view, position: Math.max(position, newest) },
      events: [...events],
      position,
      more,
    };
  }
}

/** Lets all that is ready to run, run. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}
