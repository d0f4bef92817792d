import { computed, effect, signal } from "@preact/signals";
import type { Backend } from "../api/backend.js";
import { Refused, Unreachable } from "../../shared/errors.js";
import type { Draft } from "../../shared/outbox.js";
import type { Availability, MessageReceipt, Offer, Synced } from "../../shared/protocol.js";
import type { LambdeskSocket, Request, SocketOptions } from "../../shared/socket.js";
import type { Store } from "../../shared/storage.js";
import { Clock } from "./clock.js";
import { Conversation, type ConversationPorts } from "./conversation.js";
import { Desk } from "./desk.js";
import { MissedOffers } from "./missed.js";
import { answerOffer, dismissOffer, expireOffers, reopenOffer, resolveOffer } from "./offers.js";
import { Reload } from "./reload.js";
import { ReadReports } from "./reports.js";
import { SeenMarks } from "./seen.js";
import { StateSince } from "./since.js";

/** The connection, as far as the desk uses it. */
export type Line = Pick<LambdeskSocket, "state" | "start" | "stop" | "request" | "wake">;

export interface WorkplacePorts {
  backend: Backend;
  connect: (options: Omit<SocketOptions, "url">) => Line;
  agentId: string;
  session: Store;
  local: Store;
  onOpened: (conversation: Conversation, acceptedHere: boolean) => void;
  onReleased: (conversation: Conversation, farewell: Farewell, unsent: readonly Draft[]) => void;
  onProblem: (error: unknown) => void;
}

/** How a conversation left the desk: closed in this window, taken by a colleague, or otherwise. */
type Farewell = "closed" | "passedOn" | "released";

/** Why the desk cannot be shown at all. */
export type DeskTrouble = "forbidden" | "unreachable";

const HEARTBEAT_MS = 60_000;
/** How long frames that belong together may be apart before one counts as lost. */
const SETTLE_MS = 1_500;
const OUTAGE_MS = 2_000;
const WAIT_FOR_LINE_MS = 5_000;
/** Who waits for longer than this signs out all the same. */
const HANDED_OVER_WITHIN_MS = 6_000;

/** The desk at work: keeps it in step with the server, and carries out what the agent does. */
export class Workplace {
  readonly desk: Desk;
  readonly seen: SeenMarks;
  readonly clock = new Clock();
  readonly missed = new MissedOffers();
  readonly stateSince: StateSince;
  readonly trouble = signal<DeskTrouble | null>(null);
  /** Whether there was a connection since the desk was opened. */
  readonly wasLive = signal(false);
  /** Whether the connection has been gone for longer than it takes to renew it. */
  readonly outage = signal(false);
  /** Whether something has been tried for a while without an answer, on a connection that may be good. */
  readonly stuck = computed(() => {
    const { conversations } = this.desk;
    const held = conversations.value.some(
      ({ outbox, catchUp }) => outbox.stuck.value || catchUp.stuck.value,
    );
    return held || this.#reload.stuck.value;
  });

  readonly #ports: WorkplacePorts;
  readonly #line: Line;
  readonly #life = new AbortController();
  readonly #reload = new Reload({
    load: () => this.#load(),
    onFailed: (error) => this.#onFailed(error),
  });
  readonly #reports = new ReadReports((conversationId, seq) =>
    this.#line.request({ type: "conversation.read", conversation_id: conversationId, seq }),
  );
  /** Conversations that the agent accepted, or closed, in this window. */
  readonly #accepted = new Set<string>();
  readonly #closed = new Set<string>();
  #stale = true;
  #outageTimer: ReturnType<typeof setTimeout> | undefined;
  #check: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: WorkplacePorts) {
    this.#ports = ports;
    this.seen = new SeenMarks(ports.local, ports.agentId);
    this.stateSince = new StateSince(ports.local, ports.agentId, () => this.clock.serverNow());
    this.desk = new Desk({
      clock: this.clock,
      makeConversation: (view, revision) =>
        new Conversation(view, revision, this.#conversationPorts()),
      onOpened: (conversation) =>
        ports.onOpened(conversation, this.#accepted.delete(conversation.id)),
      onReleased: (conversation, passedOn, unsent) => {
        const otherwise = passedOn ? "passedOn" : "released";
        const farewell = this.#closed.delete(conversation.id) ? "closed" : otherwise;
        ports.onReleased(conversation, farewell, unsent);
      },
    });
    this.#line = ports.connect({
      ticket: () => ports.backend.socketTicket(),
      heartbeat: () => HEARTBEAT_MS,
      onSynced: (synced) => this.#onSynced(synced),
      onPush: (frame) => {
        this.desk.receive(frame);
        this.#checkSoon();
      },
      onRefused: (error) => this.#onFailed(error),
    });
  }

  get connection(): Line["state"] {
    return this.#line.state;
  }

  start(): void {
    this.seen.follow(this.#life.signal);
    this.missed.follow(this.desk.offers, this.#life.signal);
    this.stateSince.follow(this.desk.agent, this.#life.signal);
    const unwatch = effect(() => this.#watch(this.#line.state.value === "live"));
    this.#life.signal.addEventListener("abort", unwatch);
    this.#line.start();
    // Not waiting for the connection shows the desk sooner, and also where sockets are blocked.
    this.#reload.start();
  }

  stop(): void {
    this.#life.abort();
    clearTimeout(this.#check);
    clearTimeout(this.#outageTimer);
    this.#reload.stop();
    this.#line.stop();
    this.desk.end();
  }

  /** Does at once what would be tried again after a pause. */
  retry(): void {
    this.#line.wake();
    this.#reload.start();
    for (const { outbox, catchUp } of this.desk.conversations.peek()) {
      outbox.flush();
      catchUp.check();
    }
  }

  /** Call each second. */
  tick(): void {
    const { offers } = this.desk;
    const next = expireOffers(offers.peek(), this.clock.now());
    if (next !== offers.peek()) offers.value = next;
  }

  async setAvailability(availability: Availability, reason: string | null): Promise<void> {
    try {
      await this.#command({ type: "availability.set", availability, reason });
    } catch (error) {
      this.#ports.onProblem(error);
    }
  }

  /**
   * Gives to colleagues what the agent has in hand. Where that is not answered in time, the server
   * does it by itself once the agent is gone.
   */
  async handOver(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, HANDED_OVER_WITHIN_MS);
    });
    const answered = this.#command({ type: "agent.leave" }).catch(() => undefined);
    await Promise.race([answered, late]);
    clearTimeout(timer);
  }

  async accept({ offer_id, conversation_id }: Offer): Promise<void> {
    const { offers } = this.desk;
    offers.value = answerOffer(offers.peek(), offer_id, "accepting");
    try {
      await this.#notedCommand(this.#accepted, { type: "offer.accept", offer_id, conversation_id });
      offers.value = dismissOffer(offers.peek(), offer_id);
      this.#checkSoon();
    } catch (error) {
      this.#answerFailed(offer_id, error);
    }
  }

  async decline({ offer_id, conversation_id }: Offer): Promise<void> {
    const { offers } = this.desk;
    offers.value = answerOffer(offers.peek(), offer_id, "declining");
    try {
      await this.#command({ type: "offer.decline", offer_id, conversation_id });
      offers.value = dismissOffer(offers.peek(), offer_id);
    } catch (error) {
      this.#answerFailed(offer_id, error);
    }
  }

  dismissOffer(offerId: string): void {
    this.desk.offers.value = dismissOffer(this.desk.offers.peek(), offerId);
  }

  /** @throws what the command was refused with, for the dialog to show */
  async close(
    conversationId: string,
    disposition: string | null,
    note: string | null,
  ): Promise<void> {
    await this.#notedCommand(this.#closed, {
      type: "conversation.close",
      conversation_id: conversationId,
      disposition,
      note,
    });
    this.desk.release(conversationId);
  }

  #conversationPorts(): ConversationPorts {
    const { backend, session } = this.#ports;
    return {
      fetchAfter: (id, position) => backend.events(id, position),
      fetchBefore: (id, seq) => backend.eventsBefore(id, seq),
      send: (id, draft) => this.#send(id, draft),
      me: () => {
        const agent = this.desk.agent.peek();
        return { role: "agent", id: agent?.agent_id ?? "", name: agent?.name ?? "" };
      },
      nextRevision: () => this.desk.nextRevision(),
      serverNow: () => this.clock.serverNow(),
      store: session,
      seen: this.seen,
      reports: this.#reports,
    };
  }

  /** What the agent does while the connection is being made, or renewed, waits for it a moment. */
  async #command(request: Request): Promise<void> {
    if (this.#line.state.peek() !== "live") await this.#untilLive();
    await this.#line.request(request);
  }

  /** Notes the conversation unless the command is surely not carried out. */
  async #notedCommand(
    noted: Set<string>,
    request: Extract<Request, { conversation_id: string }>,
  ): Promise<void> {
    if (this.#line.state.peek() !== "live") await this.#untilLive();
    if (this.#line.state.peek() === "live") noted.add(request.conversation_id);
    try {
      await this.#line.request(request);
    } catch (error) {
      if (error instanceof Refused) noted.delete(request.conversation_id);
      throw error;
    }
  }

  #untilLive(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        resolve();
        // The effect may run before it can be stopped.
        queueMicrotask(() => unwatch());
      };
      const timer = setTimeout(done, WAIT_FOR_LINE_MS);
      const unwatch = effect(() => {
        if (this.#line.state.value === "live") done();
      });
    });
  }

  async #send(conversationId: string, draft: Draft): Promise<MessageReceipt> {
    const { message_id, text } = draft;
    const { seq } = await this.#line.request({
      type: "message.send",
      conversation_id: conversationId,
      message_id,
      text,
    });
    if (seq === null) throw new Unreachable("The answer names no message.");
    return { message_id, seq };
  }

  #answerFailed(offerId: string, error: unknown): void {
    const { offers } = this.desk;
    const gone = error instanceof Refused && ["offer_gone", "not_found"].includes(error.code);
    if (gone) {
      offers.value = resolveOffer(offers.peek(), offerId, "missing");
      return;
    }
    offers.value = reopenOffer(offers.peek(), offerId);
    this.#ports.onProblem(error);
  }

  /** Renewing a connection takes a moment and is nothing to tell the agent of. */
  #watch(live: boolean): void {
    if (live) {
      clearTimeout(this.#outageTimer);
      this.outage.value = false;
      return;
    }
    this.#stale = true;
    clearTimeout(this.#outageTimer);
    this.#outageTimer = setTimeout(() => (this.outage.value = true), OUTAGE_MS);
  }

  #onSynced(synced: Synced): void {
    if (synced.agent) this.desk.takeAgent(synced.agent);
    for (const [id, position] of Object.entries(synced.positions)) {
      const conversation = this.desk.find(id);
      conversation?.transcript.noteNewest(position);
      conversation?.catchUp.check();
    }
    if (!this.#stale) {
      this.#checkSoon();
      return;
    }
    this.#stale = false;
    this.wasLive.value = true;
    this.#reload.start();
    for (const conversation of this.desk.conversations.peek()) conversation.outbox.flush();
  }

  /** If frames that belong to a change have not all come after a moment, asks for the desk. */
  #checkSoon(): void {
    clearTimeout(this.#check);
    this.#check = setTimeout(() => {
      if (this.desk.loaded.peek() && !this.desk.inStep()) this.#reload.start();
    }, SETTLE_MS);
  }

  async #load(): Promise<void> {
    const since = this.desk.nextRevision();
    const snapshot = await this.#ports.backend.desk();
    if (this.#life.signal.aborted) return;
    this.desk.load(snapshot, since);
    this.seen.keepOnly(this.desk.conversations.peek().map(({ id }) => id));
    this.trouble.value = null;
  }

  #onFailed(error: unknown): void {
    const forbidden = error instanceof Refused && error.code === "forbidden";
    this.trouble.value = forbidden ? "forbidden" : "unreachable";
    if (forbidden) this.desk.clear();
  }
}
