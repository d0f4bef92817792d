import type { AnyCommand, AnyFrame } from "../protocol.js";
import type { WebSocketLike } from "../socket.js";
import { isReadable } from "./texts.js";

/**
 * A WebSocket whose other end is the test. As a server it cannot read half characters, nor the
 * `ref` of a command that has some.
 */
export class FakeSocket implements WebSocketLike {
  onopen: WebSocket["onopen"] = null;
  onmessage: WebSocket["onmessage"] = null;
  onclose: WebSocket["onclose"] = null;
  onerror: WebSocket["onerror"] = null;
  readonly sent: AnyCommand[] = [];
  closed = false;

  constructor(readonly url: string) {}

  send(data: string): void {
    const command = JSON.parse(data) as AnyCommand;
    if (isReadable(command)) this.sent.push(command);
    else this.refuseUnread();
  }

  close(): void {
    this.closed = true;
  }

  /** The connection is open. */
  accept(): void {
    this.onopen?.call(this as unknown as WebSocket, new globalThis.Event("open"));
  }

  /** The server sends a frame, or something that is none. */
  push(frame: AnyFrame | string): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent("message", { data }));
  }

  /** The server could not make sense of something. */
  refuseUnread(): void {
    const error = { code: "invalid", message: "That is no JSON.", field: null, retry_after: null };
    this.push({ type: "error", ref: null, error });
  }

  /** The connection is lost. */
  drop(): void {
    this.onclose?.call(this as unknown as WebSocket, new CloseEvent("close"));
  }

  get last(): AnyCommand {
    const command = this.sent.at(-1);
    if (!command) throw new Error("Nothing was sent.");
    return command;
  }

  /** The server answers the last command, which must be a `sync`. */
  answerSync(positions: Record<string, number> = {}): void {
    this.push({ type: "synced", ref: this.last.ref, version: 1, positions, agent: null });
  }
}
