import { vi } from "vitest";
import type {
  Captcha,
  ConversationEnded,
  CustomerConversation,
  Event,
  FormField,
  MessageSent,
  QueuePosition,
  SendMessage,
  StartConversation,
} from "../../shared/protocol.js";
import { isReadable } from "../../shared/testing/texts.js";
import { FakeSocket } from "../../shared/testing/FakeSocket.js";

interface Request {
  method: string;
  path: string;
  body: unknown;
  token: string | null;
}

const field = (
  variable: string,
  label: string,
  type: FormField["type"],
  required: boolean,
  options: string[] = [],
): FormField => ({ variable, label, type, required, options });

/** Lambdesk as the widget sees it, with one queue and one conversation, held in memory. */
export class FakeLambdesk {
  readonly requests: Request[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly events: Event[] = [];
  /** No request is answered while this is false. */
  reachable = true;
  /** Refuses the next request to a path that contains the key. */
  readonly refusals = new Map<
    string,
    { status: number; code: string; field?: string; retryAfter?: number }
  >();
  /** Each request to a path that contains this is answered with 500; null breaks nothing. */
  broken: string | null = null;
  form: FormField[] = [
    field("name", "Your name", "text", true),
    field("email", "Email", "email", false),
    field("topic", "Topic", "select", true, ["Orders", "Returns"]),
    field("message", "How can we help?", "textarea", true),
  ];
  captcha: Captcha | null = null;
  /** For how long who waits may be away. */
  awaySeconds = 300;
  conversation: CustomerConversation | null = null;
  #starts = new Set<string>();

  /** Puts this in the place of the network. */
  install(): void {
    vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => this.#fetch(url, init));
    const { sockets } = this;
    vi.stubGlobal(
      "WebSocket",
      class extends FakeSocket {
        constructor(url: string) {
          super(url);
          sockets.push(this);
        }
      },
    );
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("There is no socket.");
    return socket;
  }

  /** Opens the newest socket and answers its `sync`. */
  goLive(): void {
    this.socket.accept();
    this.socket.answerSync({ c1: this.position });
  }

  get position(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  /** Something happens; `push` tells whether the socket hears of it. */
  happen(event: Event, { push = true } = {}): void {
    const after = this.position;
    this.events.push(event);
    if (push) this.socket.push({ type: "event", conversation_id: "c1", after, event });
  }

  agentSays(text: string, options = {}): void {
    const sender = { role: "agent", id: "a1", name: "Mara Lind" } as const;
    this.happen(this.#message(sender, text, `agent-${this.position + 1}`), options);
  }

  agentJoins(): void {
    const participant = { role: "agent", id: "a1", name: "Mara Lind" } as const;
    this.#update({ status: "active", agent: participant, ahead: null });
    this.happen({ type: "participant.joined", seq: this.position + 1, at: now(), participant });
  }

  /** The agent's connection was lost for good: the customer waits again, before all others. */
  agentLeaves(): void {
    const participant = { role: "agent", id: "a1", name: "Mara Lind" } as const;
    this.#update({ status: "waiting", agent: null, ahead: 0 });
    this.happen({ type: "participant.left", seq: this.position + 1, at: now(), participant });
  }

  /** Things stand so for the customer who waits; nobody tells them. */
  stands(change: Partial<Omit<QueuePosition, "type">>): void {
    this.#update(change);
  }

  /** The answer to a heartbeat of a customer who waits. */
  tellPlace(change: Partial<Omit<QueuePosition, "type">>): void {
    const place = { ahead: 0, agents: null, wait_seconds: null, ...change };
    this.socket.push({ type: "queue.position", conversation_id: "c1", ...place });
  }

  agentEnds(): void {
    this.#update({ status: "ended", ahead: null });
    this.happen(this.#end("agent"));
  }

  /** The customer was away for too long: nobody is there to be told. */
  abandons(): void {
    this.#update({ status: "ended", ahead: null });
    this.happen({ ...this.#end("bot"), reason: "abandoned" }, { push: false });
  }

  /** Requests of one method to paths that end so. */
  sent(method: string, ending: string): Request[] {
    return this.requests.filter((made) => made.method === method && made.path.endsWith(ending));
  }

  async #fetch(url: string, { method = "GET", body, headers }: RequestInit): Promise<Response> {
    await Promise.resolve();
    const path = url.replace("https://api.test", "");
    const token = new Headers(headers).get("Authorization");
    const parsed: unknown = typeof body === "string" ? JSON.parse(body) : null;
    if (!this.reachable) throw new TypeError("Failed to fetch");
    this.requests.push({ method, path, body: parsed, token });
    if (!isReadable(parsed)) return json({ error: UNREAD }, 400);
    if (this.broken !== null && path.includes(this.broken)) return json({}, 500);
    for (const [part, { status, code, field: name = null, retryAfter }] of this.refusals) {
      if (!path.includes(part)) continue;
      this.refusals.delete(part);
      const error = {
        code,
        message: `Refused: ${code}.`,
        field: name,
        retry_after: retryAfter ?? null,
      };
      return json({ error }, status);
    }
    return this.#answer(method, path, parsed);
  }

  #answer(method: string, path: string, body: unknown): Response {
    if (path.endsWith("config.json"))
      return json({ rest_url: "https://api.test", socket_url: "wss://api.test" });
    if (path.startsWith("/widget/queues/"))
      return json({
        queue_id: "demo",
        name: "Customer care",
        form: this.form,
        captcha: this.captcha,
      });
    if (path === "/widget/conversations") return this.#start(body as StartConversation);
    if (path.endsWith("/socket-tickets"))
      return json({ socket_ticket: "t2", expires_at: now() }, 201);
    if (path.endsWith("/end")) {
      this.#update({ status: "ended" });
      this.happen(this.#end("customer"), { push: false });
      return json(this.#current());
    }
    return method === "POST" ? this.#send(body as SendMessage) : this.#read(path);
  }

  #end(by: ConversationEnded["by"]): ConversationEnded {
    return { type: "conversation.ended", seq: this.position + 1, at: now(), by, reason: null };
  }

  #start({ start_id, answers }: StartConversation): Response {
    if (!this.#starts.has(start_id)) {
      this.#starts.add(start_id);
      this.events.length = 0;
      this.conversation = {
        conversation_id: "c1",
        queue_id: "demo",
        queue_name: "Customer care",
        channel: "web",
        status: "waiting",
        started_at: now(),
        position: 1,
        agent: null,
        ahead: 2,
        agents: null,
        wait_seconds: null,
        away_seconds: this.awaySeconds,
      };
      this.events.push(this.#message(customer, answers["message"] ?? "", "first"));
    }
    const reply = { conversation: this.#current(), socket_ticket: "t1", customer_token: "token-1" };
    return json(reply, 201);
  }

  #send({ message_id, text }: SendMessage): Response {
    const known = this.events.find(
      (event) => event.type === "message.sent" && event.message_id === message_id,
    );
    if (known) return json({ message_id, seq: known.seq }, 201);
    this.events.push(this.#message(customer, text, message_id));
    return json({ message_id, seq: this.position }, 201);
  }

  #read(path: string): Response {
    const after = Number(new URLSearchParams(path.split("?")[1]).get("after"));
    return json({
      conversation: this.#current(),
      events: this.events.filter((event) => event.seq > after),
      position: this.position,
      more: false,
    });
  }

  #current(): CustomerConversation {
    if (!this.conversation) throw new Error("There is no conversation.");
    return { ...this.conversation, position: this.position };
  }

  #update(change: Partial<CustomerConversation>): void {
    this.conversation = { ...this.#current(), ...change };
  }

  #message(sender: MessageSent["sender"], text: string, message_id: string): MessageSent {
    const seq = this.position + 1;
    return { type: "message.sent", seq, at: now(), message_id, sender, text, delivery: null };
  }
}

const customer = { role: "customer", id: "x", name: "Ada King" } as const;

const UNREAD = { code: "invalid", message: "That is no JSON.", field: null };

function now(): string {
  return new Date().toISOString();
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}
