import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { History } from "../../shared/history.js";
import { Outbox, type Draft } from "../../shared/outbox.js";
import type {
  AgentConversation,
  AgentTranscript,
  Delivery,
  Event,
  EventHappened,
  MessageReceipt,
  MessageSent,
  Participant,
  Status,
} from "../../shared/protocol.js";
import type { Store } from "../../shared/storage.js";
import { CatchUp, Transcript, type Page } from "../../shared/transcript.js";
import { t } from "../text/index.js";
import { CustomerPresence, type Presence } from "./presence.js";
import type { ReadReports } from "./reports.js";
import type { SeenMarks } from "./seen.js";
import { countUnread, messagesOf, waitingSince } from "./timeline.js";

export interface ConversationPorts {
  fetchAfter: (conversationId: string, position: number) => Promise<AgentTranscript>;
  fetchBefore: (conversationId: string, seq: number) => Promise<AgentTranscript>;
  send: (conversationId: string, draft: Draft) => Promise<MessageReceipt>;
  /** The agent, as the sender of messages. */
  me: () => Participant;
  /** A revision of the desk for what is requested now. */
  nextRevision: () => number;
  /** The server's time, in milliseconds. */
  serverNow: () => number;
  /** Where drafts and unsent messages are kept across a reload. */
  store: Store;
  seen: SeenMarks;
  reports: ReadReports;
}

/** What the list shows of a conversation under the customer's name. */
export interface Preview {
  text: string;
  at: string;
  own: boolean;
}

/** A conversation that the agent holds, with all that this window knows of it. */
export class Conversation {
  readonly id: string;
  readonly transcript = new Transcript();
  readonly outbox: Outbox;
  readonly catchUp: CatchUp;
  readonly history: History;
  /** Whether all that happens is known from here on, and whether it cannot be fetched right now. */
  readonly loaded = signal(false);
  readonly troubled = signal(false);
  readonly draft: Signal<string>;
  /** The revision of the desk at which it appeared. */
  revision: number;

  /** The number up to which the agent has read. */
  readonly seen: ReadonlySignal<number>;
  readonly status: ReadonlySignal<Status>;
  readonly unread: ReadonlySignal<number>;
  readonly waitingSince: ReadonlySignal<string | null>;
  readonly preview: ReadonlySignal<Preview | null>;
  /** Whether the customer is on the page; null where one cannot know, or it no longer matters. */
  readonly presence: ReadonlySignal<Presence | null>;
  /** Whether the customer wants no texts, so that none can be written. */
  readonly optedOut: ReadonlySignal<boolean>;
  /** Messages not yet in the transcript: on their way, or refused. */
  readonly unsent: ReadonlySignal<readonly Draft[]>;

  readonly #view: Signal<AgentConversation>;
  readonly #ports: ConversationPorts;
  readonly #customer = new CustomerPresence();
  #opened = false;

  constructor(view: AgentConversation, revision: number, ports: ConversationPorts) {
    this.id = view.conversation_id;
    this.revision = revision;
    this.#ports = ports;
    this.#view = signal(view);
    this.takePresence(view.customer_present, revision);
    this.takeRead(view.read);
    this.draft = signal(stringOf(ports.store.get(this.#draftKey)));
    this.outbox = new Outbox({
      conversationId: this.id,
      store: ports.store,
      send: (draft) => ports.send(this.id, draft),
      onSent: (draft, receipt) => this.transcript.show(this.#sent(draft, receipt)),
      onFailed: () => this.catchUp.refresh(),
      givenUp: t("message.givenUp"),
      now: ports.serverNow,
    });
    this.history = new History((seq) => this.#learn(() => ports.fetchBefore(this.id, seq)));
    this.catchUp = new CatchUp(this.transcript, (position) => this.#fetch(position));

    const { events } = this.transcript;
    this.seen = computed(() => ports.seen.of(this.id));
    this.status = computed(() => statusOf(this.#view.value.status, events.value));
    this.unread = computed(() => countUnread(events.value, this.seen.value));
    this.waitingSince = computed(() =>
      this.status.value === "active" ? waitingSince(events.value) : null,
    );
    this.presence = computed(() =>
      this.status.value === "active" ? this.#customer.shown.value : null,
    );
    this.optedOut = computed(() => optedOutOf(this.#view.value, events.value));
    this.unsent = computed(() => unsentOf(this.outbox.drafts.value, events.value));
    this.preview = computed(() => previewOf(this.#view.value, events.value));
  }

  get view(): ReadonlySignal<AgentConversation> {
    return this.#view;
  }

  /**
   * Follows the conversation from now on. Where the customer has the last word, that is read: how
   * much, and since when they wait. Everything else is read when the conversation is opened.
   */
  begin(): void {
    const { last_message, position } = this.#view.peek();
    if (last_message === null || last_message.role === "customer") {
      this.open();
      return;
    }
    this.transcript.merge({ events: [], position, more: false });
    this.loaded.value = true;
  }

  /** Reads the newest page of the transcript, once. */
  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    if (!this.history.begun.peek()) this.catchUp.refresh();
  }

  /** Reads the page before the oldest event held. */
  readOlder(): void {
    void this.history.readOlder(this.catchUp);
  }

  /** Takes in what the server says now of the conversation, unless it knew more before. */
  update(view: AgentConversation, revision: number): void {
    this.takePresence(view.customer_present, revision);
    this.takeRead(view.read);
    if (view.position >= this.#view.peek().position) this.#view.value = view;
    this.transcript.noteNewest(view.position);
    this.catchUp.check();
  }

  /** Takes in whether the customer is on the page, as was known at this revision of the desk. */
  takePresence(present: boolean | null, revision: number): void {
    this.#customer.take(present, revision);
  }

  /** Takes in up to where the agent has read in any browser. */
  takeRead(seq: number): void {
    this.#ports.reports.learn(this.id, seq);
    this.#ports.seen.raise(this.id, seq);
  }

  receive(frame: EventHappened): void {
    this.transcript.receive(frame);
    this.catchUp.check();
  }

  setDraft(text: string): void {
    this.draft.value = text;
    if (text) this.#ports.store.set(this.#draftKey, text);
    else this.#ports.store.remove(this.#draftKey);
  }

  /** Puts a refused message back into the composer, in front of what is being written. */
  editAgain(draft: Draft): void {
    this.outbox.remove(draft.message_id);
    this.setDraft([draft.text, this.draft.peek()].filter(Boolean).join("\n"));
  }

  /** The agent has read up to the newest event held. Elsewhere that counts where it is news. */
  markSeen(): void {
    const { reports, seen } = this.#ports;
    const events = this.transcript.events.peek();
    const newest = events.at(-1)?.seq ?? 0;
    seen.raise(this.id, newest);
    if (countUnread(events, reports.known(this.id)) > 0) reports.report(this.id, newest);
  }

  /** Stops all that goes on for it. `forget` also drops what was kept for a reload. */
  end(forget: boolean): void {
    this.catchUp.stop();
    this.history.stop();
    this.outbox.stop();
    this.#customer.stop();
    this.#ports.reports.forget(this.id);
    if (!forget) return;
    this.setDraft("");
    for (const draft of this.outbox.drafts.peek()) this.outbox.remove(draft.message_id);
  }

  get #draftKey(): string {
    return `lambdesk:draft:${this.id}`;
  }

  async #fetch(position: number): Promise<Page> {
    const page = this.history.begun.peek()
      ? await this.#learn(() => this.#ports.fetchAfter(this.id, position))
      : await this.history.begin(this.catchUp);
    if (!page.more) this.loaded.value = true;
    return page;
  }

  /** Asks for a page, and takes in what it says of the conversation. */
  async #learn(ask: () => Promise<AgentTranscript>): Promise<AgentTranscript> {
    const revision = this.#ports.nextRevision();
    try {
      const page = await ask();
      this.takePresence(page.conversation.customer_present, revision);
      this.takeRead(page.conversation.read);
      if (page.conversation.position >= this.#view.peek().position) {
        this.#view.value = page.conversation;
      }
      this.troubled.value = false;
      return page;
    } catch (error) {
      this.troubled.value = true;
      throw error;
    }
  }

  /** An acknowledged message, as its event will be: the event itself may arrive later. */
  #sent(draft: Draft, receipt: MessageReceipt): MessageSent {
    return {
      type: "message.sent",
      seq: receipt.seq,
      at: new Date(this.#ports.serverNow()).toISOString(),
      message_id: draft.message_id,
      sender: this.#ports.me(),
      text: draft.text,
      delivery: initialDelivery(this.#view.peek()),
    };
  }
}

function stringOf(kept: unknown): string {
  return typeof kept === "string" ? kept : "";
}

function initialDelivery(view: AgentConversation): Delivery | null {
  return view.channel === "web" || view.channel === "app" ? null : "pending";
}

/** Events tell of the end before the conversation is read again. */
function statusOf(status: Status, events: readonly Event[]): Status {
  if (events.some((event) => event.type === "conversation.closed")) return "closed";
  const ended = events.some((event) => event.type === "conversation.ended");
  return ended && status !== "closed" ? "wrap_up" : status;
}

/** What the customer said last: what the view does not know yet, events tell. */
function optedOutOf(view: AgentConversation, events: readonly Event[]): boolean {
  const said = events.findLast(
    ({ type }) => type === "customer.opted_out" || type === "customer.opted_in",
  );
  if (!said || said.seq <= view.position) return view.opted_out;
  return said.type === "customer.opted_out";
}

function unsentOf(drafts: readonly Draft[], events: readonly Event[]): readonly Draft[] {
  const arrived = new Set(messagesOf(events).map((message) => message.message_id));
  return drafts.filter((draft) => !arrived.has(draft.message_id));
}

function previewOf(view: AgentConversation, events: readonly Event[]): Preview | null {
  const newest = messagesOf(events).at(-1);
  if (newest) {
    return { text: newest.text, at: newest.at, own: newest.sender.role !== "customer" };
  }
  const last = view.last_message;
  return last && { text: last.text, at: last.at, own: last.role !== "customer" };
}
