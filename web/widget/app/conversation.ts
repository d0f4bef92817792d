import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { isFinal, type Refused } from "../../shared/errors.js";
import { Outbox, type Draft } from "../../shared/outbox.js";
import type {
  ConversationStart,
  CustomerConversation,
  CustomerTranscript,
  Event,
  MessageReceipt,
} from "../../shared/protocol.js";
import { LambdeskSocket, type PushFrame, type SocketState } from "../../shared/socket.js";
import type { Store } from "../../shared/storage.js";
import { CatchUp, Transcript } from "../../shared/transcript.js";
import { t } from "../text/index.js";
import type { CustomerApi } from "./api.js";

const WAITING_HEARTBEAT = 20_000;
const HEARTBEAT = 60_000;
// A ticket lives 30 seconds.
const TICKET_GOOD_FOR = 20_000;

export interface ConversationOptions {
  api: CustomerApi;
  socketUrl: string;
  store: Store;
  /** The conversation as the server has just shown it. */
  known: CustomerConversation;
  /** The beginning of its transcript, if it came along. */
  page?: CustomerTranscript;
  /** The ticket that came with a conversation just started. */
  ticket?: ConversationStart["socket_ticket"];
  /** The server does not know this conversation, or not this customer. */
  onLost: (error: Refused) => void;
}

/** One conversation of the customer: what is known of it, and the ways to and from the server. */
export class Conversation {
  readonly id: string;
  readonly outbox: Outbox;
  /** The newest number when the customer came into it. */
  readonly entered: number;
  readonly #options: ConversationOptions;
  readonly #details;
  readonly #transcript = new Transcript();
  readonly #catchUp: CatchUp;
  readonly #socket: LambdeskSocket;
  readonly #dispose: () => void;
  /** The newest event whose effects `details` shows. */
  #asOf: number;
  #ticket: { value: string; at: number } | null;

  constructor(options: ConversationOptions) {
    const { api, known, onLost } = options;
    this.#options = options;
    this.id = known.conversation_id;
    this.#details = signal(known);
    this.#asOf = known.position;
    this.entered = known.position;
    this.#ticket = options.ticket ? { value: options.ticket, at: Date.now() } : null;
    this.#catchUp = new CatchUp(this.#transcript, (after) => this.#fetch(after), onLost);
    this.outbox = new Outbox({
      conversationId: this.id,
      store: options.store,
      shared: true,
      send: ({ message_id, text }) => api.send(this.id, { message_id, text }),
      onSent: (draft, receipt) => this.#transcript.show(sent(draft, receipt)),
      onFailed: () => this.#catchUp.refresh(),
      givenUp: t("message.givenUp"),
    });
    this.#socket = new LambdeskSocket({
      url: options.socketUrl,
      ticket: () => this.#getTicket(),
      onSynced: ({ positions }) => this.#onSynced(positions[this.id] ?? 0),
      onPush: (frame) => this.#onPush(frame),
      onRefused: onLost,
      heartbeat: () => (this.status.value === "waiting" ? WAITING_HEARTBEAT : HEARTBEAT),
    });
    if (options.page) this.#transcript.merge(options.page);
    this.#dispose = this.#react();
  }

  /** The conversation as its customer sees it. */
  get details(): ReadonlySignal<CustomerConversation> {
    return this.#details;
  }

  readonly status = computed(() => this.#details.value.status);

  get events(): ReadonlySignal<readonly Event[]> {
    return this.#transcript.events;
  }

  /** Whether it ended because the customer was away. */
  readonly abandoned = computed(() =>
    this.events.value.some(
      (event) => event.type === "conversation.ended" && event.reason === "abandoned",
    ),
  );

  /** Whether requests have failed for a while, although the connection may be good. */
  readonly stuck = computed(() => this.outbox.stuck.value || this.#catchUp.stuck.value);

  /** How the connection is. */
  get connection(): ReadonlySignal<SocketState> {
    return this.#socket.state;
  }

  start(): void {
    if (this.#options.page?.more ?? true) this.#catchUp.refresh();
    if (this.status.value === "ended") return;
    this.#socket.start();
    this.outbox.flush();
  }

  /** Does at once what would be tried again after a pause. */
  tryNow(): void {
    this.#socket.wake();
    this.#catchUp.refresh();
    this.outbox.flush();
  }

  /** Lets go of the conversation; it goes on without us. */
  stop(): void {
    this.#dispose();
    this.#socket.stop();
    this.#catchUp.stop();
    this.outbox.stop();
  }

  /** Ends the conversation for both sides. */
  async end(): Promise<void> {
    try {
      const ended = await this.#options.api.end(this.id);
      this.#adopt(ended);
      this.#transcript.noteNewest(ended.position);
      this.#catchUp.check();
    } catch (error) {
      if (!isFinal(error)) throw error;
      // The agent was quicker.
      this.#catchUp.refresh();
    }
  }

  #react(): () => void {
    const settle = effect(() => {
      const arrived = new Set(
        this.events.value.map((e) => e.type === "message.sent" && e.message_id),
      );
      for (const { message_id } of this.outbox.drafts.value) {
        if (arrived.has(message_id)) this.outbox.remove(message_id);
      }
    });
    const hangUp = effect(() => {
      if (this.status.value === "ended") this.#socket.stop();
    });
    return () => {
      settle();
      hangUp();
    };
  }

  async #getTicket(): Promise<string> {
    const first = this.#ticket;
    this.#ticket = null;
    if (first && Date.now() - first.at < TICKET_GOOD_FOR) return first.value;
    return (await this.#options.api.socketTicket(this.id)).socket_ticket;
  }

  async #fetch(after: number): Promise<CustomerTranscript> {
    const page = await this.#options.api.transcript(this.id, after);
    this.#adopt(page.conversation);
    return page;
  }

  #adopt(conversation: CustomerConversation): void {
    // An answer can be older than a push that overtook it.
    if (conversation.position < this.#asOf) return;
    this.#asOf = conversation.position;
    this.#details.value = conversation;
  }

  #onSynced(position: number): void {
    this.#transcript.noteNewest(position);
    this.#catchUp.check();
    this.outbox.flush();
  }

  #onPush(frame: PushFrame): void {
    if (!("conversation_id" in frame) || frame.conversation_id !== this.id) return;
    if (frame.type === "queue.position") {
      const { ahead, agents, wait_seconds } = frame;
      this.#change({ ahead, agents, wait_seconds });
    } else if (frame.type === "event") {
      this.#transcript.receive(frame);
      this.#apply(frame.event);
      this.#catchUp.check();
    }
  }

  #apply(event: Event): void {
    if (event.seq <= this.#asOf) return;
    if (event.type === "participant.joined") {
      this.#asOf = event.seq;
      this.#change({ status: "active", agent: event.participant, ahead: null });
    } else if (event.type === "participant.left") {
      // Whether the customer waits again or has another agent, only the server knows.
      this.#catchUp.refresh();
    } else if (event.type === "conversation.ended") {
      this.#asOf = event.seq;
      this.#change({ status: "ended", ahead: null });
    }
  }

  #change(change: Partial<CustomerConversation>): void {
    this.#details.value = { ...this.#details.value, ...change };
  }
}

/** The event of our own message, shown until the server's takes its place. */
function sent(draft: Draft, { seq }: MessageReceipt): Event {
  return {
    type: "message.sent",
    seq,
    at: draft.at,
    message_id: draft.message_id,
    sender: { role: "customer", id: "", name: "" },
    text: draft.text,
    delivery: null,
  };
}
