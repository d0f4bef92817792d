import { signal, type ReadonlySignal } from "@preact/signals";
import { Backoff } from "./backoff.js";
import { Interrupted, isFinal, Refused, Unreachable } from "./errors.js";
import type {
  AnyCommand,
  AnyFrame,
  ErrorDetail,
  Refused as ErrorFrame,
  Ok,
  Synced,
} from "./protocol.js";
import { encode } from "./unicode.js";

/** `connecting` until the first answer or the first failure; `offline` from a failure on. */
export type SocketState = "connecting" | "live" | "offline";

/** A frame that the server sends of its own accord. */
export type PushFrame = Exclude<AnyFrame, Synced | Ok | ErrorFrame>;

type WithoutRef<C> = C extends unknown ? Omit<C, "ref"> : never;

/** A command; the socket gives it its `ref`. `sync` is the socket's own. */
export type Request = WithoutRef<Exclude<AnyCommand, { type: "sync" }>>;

/** The part of a browser's WebSocket that is used here. */
export type WebSocketLike = Pick<
  WebSocket,
  "send" | "close" | "onopen" | "onmessage" | "onclose" | "onerror"
>;

export interface SocketOptions {
  /** The address without the ticket. */
  url: string;
  /** Gets a ticket for one connection. */
  ticket: () => Promise<string>;
  /** Called at each answer to `sync`: compare positions here. */
  onSynced: (synced: Synced) => void;
  onPush: (frame: PushFrame) => void;
  /** The server gives no ticket, however often it is asked. The socket has stopped. */
  onRefused: (error: Refused) => void;
  /** Milliseconds from one heartbeat to the next; read each time. */
  heartbeat: () => number;
  /** Opens a connection; for tests. */
  open?: (url: string) => WebSocketLike;
}

interface Waiting {
  type: AnyCommand["type"];
  resolve: (frame: Synced | Ok) => void;
  reject: (error: Error) => void;
  timer: ReturnType<typeof setTimeout>;
}

const ANSWER_WITHIN = 10_000;
// The server ends a connection after two hours; leaving before is quicker than being cut off.
const LIFETIME = 105 * 60_000;
const LIFETIME_JITTER = 10 * 60_000;
const STABLE_AFTER = 10_000;

/**
 * A connection to Lambdesk that comes back by itself.
 *
 * It opens with a fresh ticket, says `sync`, and is `live` from the answer on. A command that is
 * not answered in time, or a lost connection, makes it connect again after a pause.
 */
export class LambdeskSocket {
  readonly #options: SocketOptions;
  readonly #state = signal<SocketState>("connecting");
  readonly #backoff = new Backoff();
  readonly #waiting = new Map<string, Waiting>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #listeners = new AbortController();
  #socket: WebSocketLike | null = null;
  /** Counts connections, so that what belongs to an earlier one is recognised and ignored. */
  #attempt = 0;
  #heartbeat: ReturnType<typeof setTimeout> | null = null;
  #retrying = false;
  #stopped = true;
  #lastRef = 0;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  get state(): ReadonlySignal<SocketState> {
    return this.#state;
  }

  start(): void {
    if (!this.#stopped || this.#listeners.signal.aborted) return;
    this.#stopped = false;
    this.#listen();
    void this.#connect();
  }

  /** Ends the connection for good: to start again, make a new one. */
  stop(): void {
    this.#stopped = true;
    this.#listeners.abort();
    this.#disconnect(new Unreachable("The connection was ended."));
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @throws Refused when the server answers with an error, and changed nothing
   * @throws Interrupted when the connection ended first: it may have been carried out
   * @throws Unreachable when there is no connection, or it was ended on purpose
   */
  async request(command: Request): Promise<Ok> {
    if (this.#state.value !== "live") throw new Unreachable("There is no connection.");
    return (await this.#ask(command)) as Ok;
  }

  /** Sends a heartbeat at once, or connects at once when waiting to try again. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#state.value === "live") void this.#sync();
    else if (this.#retrying) void this.#connect();
  }

  #listen(): void {
    const { signal } = this.#listeners;
    addEventListener("online", () => this.wake(), { signal });
    addEventListener("pageshow", () => this.wake(), { signal });
    addEventListener("offline", () => this.#fail("The browser is offline."), { signal });
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.visibilityState === "visible") this.wake();
      },
      { signal },
    );
  }

  async #connect(): Promise<void> {
    this.#disconnect(new Unreachable("The connection is made again."));
    const attempt = this.#attempt;
    try {
      const ticket = await this.#options.ticket();
      if (attempt === this.#attempt) this.#open(ticket);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (isFinal(error)) this.#refuse(error);
      else this.#fail("There was no ticket.", error);
    }
  }

  #open(ticket: string): void {
    const { url, open = (address: string) => new WebSocket(address) } = this.#options;
    const socket = open(`${url}?ticket=${encodeURIComponent(ticket)}`);
    this.#socket = socket;
    const opening = this.#after(ANSWER_WITHIN, () => this.#fail("The connection did not open."));
    socket.onopen = () => {
      this.#cancel(opening);
      void this.#sync();
    };
    socket.onmessage = ({ data }) => this.#read(data);
    socket.onclose = () => this.#fail("The connection was closed.");
    socket.onerror = null;
  }

  async #sync(): Promise<void> {
    const attempt = this.#attempt;
    try {
      const synced = (await this.#ask({ type: "sync" })) as Synced;
      if (attempt !== this.#attempt) return;
      if (this.#state.value !== "live") this.#becomeLive();
      this.#options.onSynced(synced);
      this.#beat();
    } catch (error) {
      // Silence has made it connect again already.
      if (attempt === this.#attempt && error instanceof Refused) this.#syncRefused(error);
    }
  }

  /** Another connection would be asked to wait as well; any other refusal leaves a useless one. */
  #syncRefused(error: Refused): void {
    if (error.retryAfter === null) this.#fail(error.message);
    else this.#after(error.retryAfter * 1000, () => void this.#sync());
  }

  #becomeLive(): void {
    this.#state.value = "live";
    // A server that answers once and then hangs up must still be spared.
    this.#after(STABLE_AFTER, () => this.#backoff.reset());
    this.#after(LIFETIME + Math.random() * LIFETIME_JITTER, () => void this.#connect());
  }

  #beat(): void {
    if (this.#heartbeat !== null) this.#cancel(this.#heartbeat);
    this.#heartbeat = this.#after(this.#options.heartbeat(), () => void this.#sync());
  }

  #ask(command: Request | { type: "sync" }): Promise<Synced | Ok> {
    const ref = String(++this.#lastRef);
    return new Promise((resolve, reject) => {
      const timer = this.#after(ANSWER_WITHIN, () => this.#fail("There was no answer."));
      this.#waiting.set(ref, { type: command.type, resolve, reject, timer });
      try {
        this.#socket?.send(encode({ ...command, ref }));
      } catch {
        this.#fail("The connection is not open.");
      }
    });
  }

  #read(data: unknown): void {
    const frame = parse(data);
    if (frame === null) return;
    switch (frame.type) {
      case "synced":
      case "ok":
        this.#answered(frame.ref)?.resolve(frame);
        return;
      case "error":
        this.#refused(frame.ref, refusal(frame.error));
        return;
      default:
        this.#options.onPush(frame);
    }
  }

  #answered(ref: string): Waiting | undefined {
    const waiting = this.#waiting.get(ref);
    if (waiting) this.#cancel(waiting.timer);
    this.#waiting.delete(ref);
    return waiting;
  }

  /** An error that names no command belongs to what is under way. */
  #refused(ref: string | null, error: Refused): void {
    if (ref !== null) {
      this.#answered(ref)?.reject(error);
      return;
    }
    // Our window had to make room for newer ones: coming back at once would drive out another.
    if (error.retryAfter !== null) {
      this.#fail(error.message, error);
      return;
    }
    const all = [...this.#waiting.keys()];
    const commands = all.filter((known) => this.#waiting.get(known)?.type !== "sync");
    // Of several, nobody knows which one is meant: each has to be tried again.
    const reason = commands.length > 1 ? new Interrupted(error.message) : error;
    for (const known of commands.length > 0 ? commands : all) {
      this.#answered(known)?.reject(reason);
    }
  }

  /** Something went wrong with this connection: drop it, and try again after a pause. */
  #fail(reason: string, error?: unknown): void {
    if (this.#stopped) return;
    const wasLive = this.#state.value === "live";
    this.#disconnect(isAnAccident(error) ? new Interrupted(reason) : new Unreachable(reason));
    // A connection that was good is first tried again without alarming anybody.
    this.#state.value = wasLive && navigator.onLine ? "connecting" : "offline";
    this.#retrying = true;
    this.#after(this.#backoff.next(error), () => void this.#connect());
  }

  #refuse(error: Refused): void {
    this.stop();
    this.#state.value = "offline";
    this.#options.onRefused(error);
  }

  #disconnect(reason: Unreachable): void {
    this.#attempt += 1;
    this.#retrying = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    if (this.#socket) {
      this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close();
      this.#socket = null;
    }
    if (this.#state.value === "live") this.#state.value = "connecting";
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  /** A timer of this connection: it ends with it. */
  #after(delay: number, action: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delay);
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}

/** Whether the line may have broken over what was under way, which nobody asked it to. */
function isAnAccident(error: unknown): boolean {
  return navigator.onLine && !(error instanceof Refused);
}

function refusal({ code, message, field, retry_after }: ErrorDetail): Refused {
  return new Refused(code, message, field, undefined, retry_after);
}

/** What the gateway in front of Lambdesk says when it cannot hand a command on. */
interface GatewayError {
  message: string;
  requestId: string;
}

function parse(data: unknown): AnyFrame | null {
  try {
    const frame = JSON.parse(String(data)) as AnyFrame | GatewayError | null;
    return frame && "requestId" in frame ? errorOf(frame) : frame;
  } catch {
    return null;
  }
}

function errorOf({ message }: GatewayError): ErrorFrame {
  return {
    type: "error",
    ref: null,
    error: { code: "internal", message, field: null, retry_after: null },
  };
}
