import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type {
  Agent,
  AgentConversation,
  Desk as Snapshot,
  OfferPresented,
} from "../../shared/protocol.js";
import type { Draft } from "../../shared/outbox.js";
import type { PushFrame } from "../../shared/socket.js";
import type { Clock } from "./clock.js";
import type { Conversation } from "./conversation.js";
import { NO_OFFERS, openOffers, presentOffer, reconcileOffers, resolveOffer } from "./offers.js";

export interface DeskPorts {
  clock: Clock;
  makeConversation: (view: AgentConversation, revision: number) => Conversation;
  onOpened: (conversation: Conversation) => void;
  /** `passedOn` tells that somebody else goes on with it; `unsent` were not acknowledged. */
  onReleased: (conversation: Conversation, passedOn: boolean, unsent: readonly Draft[]) => void;
}

/**
 * The agent's desk as far as it is known here: who the agent is, what is offered to them and what
 * they hold. It is fed with frames and with snapshots, in whatever order they arrive.
 *
 * A snapshot tells of a moment between its request and its answer. Each change and each request gets
 * a revision, so that what a frame told during the request is not undone by the answer.
 */
export class Desk {
  readonly agent = signal<Agent | null>(null);
  readonly offers = signal(NO_OFFERS);
  readonly reasons = signal<readonly string[]>([]);
  readonly loaded = signal(false);
  /** In the order in which they were accepted, so that they stay in their places. */
  readonly conversations: ReadonlySignal<readonly Conversation[]>;
  /** As the list shows them: first those in which somebody can still write. */
  readonly active: ReadonlySignal<readonly Conversation[]>;
  readonly wrapUp: ReadonlySignal<readonly Conversation[]>;
  readonly ordered: ReadonlySignal<readonly Conversation[]>;
  readonly unread: ReadonlySignal<number>;

  readonly #held = signal<ReadonlyMap<string, Conversation>>(new Map());
  readonly #released = new Map<string, number>();
  #revision = 0;

  constructor(private readonly ports: DeskPorts) {
    this.conversations = computed(() => [...this.#held.value.values()].sort(byAcceptance));
    const isActive = ({ status }: Conversation): boolean => status.value === "active";
    this.active = computed(() => this.conversations.value.filter(isActive));
    this.wrapUp = computed(() => this.conversations.value.filter((held) => !isActive(held)));
    this.ordered = computed(() => [...this.active.value, ...this.wrapUp.value]);
    this.unread = computed(() =>
      this.conversations.value.reduce((sum, { unread }) => sum + unread.value, 0),
    );
  }

  /** A revision for what happens, or is requested, now: higher than all before. */
  nextRevision(): number {
    return ++this.#revision;
  }

  find(conversationId: string): Conversation | null {
    return this.#held.peek().get(conversationId) ?? null;
  }

  receive(frame: PushFrame): void {
    switch (frame.type) {
      case "agent.changed":
        this.takeAgent(frame.agent);
        break;
      case "offer.presented":
        this.#present(frame);
        break;
      case "offer.resolved":
        this.offers.value = resolveOffer(this.offers.peek(), frame.offer_id, frame.outcome);
        break;
      case "conversation.opened":
        this.#hold(frame.conversation, this.nextRevision());
        break;
      case "conversation.released":
        this.release(frame.conversation_id);
        break;
      case "event":
        this.find(frame.conversation_id)?.receive(frame);
        break;
      case "customer.presence":
        this.find(frame.conversation_id)?.takePresence(frame.present, this.nextRevision());
        break;
      case "read.changed":
        if (frame.by === "agent") this.find(frame.conversation_id)?.takeRead(frame.seq);
        break;
      case "queue.position":
        break;
    }
  }

  /** Of two states the higher version is the newer, whichever arrives first. */
  takeAgent(agent: Agent): void {
    if (agent.version >= (this.agent.peek()?.version ?? 0)) this.agent.value = agent;
  }

  /** Takes a snapshot in that was requested at revision `since`. */
  load(snapshot: Snapshot, since: number): void {
    this.ports.clock.learn(snapshot.at);
    this.takeAgent(snapshot.agent);
    this.reasons.value = snapshot.not_ready_reasons;
    const listed = new Set(snapshot.conversations.map((view) => view.conversation_id));
    for (const view of snapshot.conversations) {
      const releasedAt = this.#released.get(view.conversation_id) ?? 0;
      if (releasedAt < since) this.#hold(view, since);
    }
    const offered = new Set(snapshot.offers.map((offer) => offer.conversation_id));
    for (const { id, revision, status } of this.#held.peek().values()) {
      if (listed.has(id) || revision >= since) continue;
      // An absent agent loses the conversations that go on; those that have ended are only closed.
      this.release(id, status.peek() === "active" && !offered.has(id));
    }
    const offers = snapshot.offers.map((offer) => {
      return { offer, endsAt: this.ports.clock.locally(offer.expires_at) };
    });
    this.offers.value = reconcileOffers(
      this.offers.peek(),
      offers,
      listed,
      since,
      this.nextRevision(),
    );
    this.loaded.value = true;
  }

  release(conversationId: string, passedOn = false): void {
    const conversation = this.find(conversationId);
    this.#released.set(conversationId, this.nextRevision());
    if (!conversation) return;
    const rest = new Map(this.#held.peek());
    rest.delete(conversationId);
    this.#held.value = rest;
    const unsent = conversation.unsent.peek();
    conversation.end(true);
    this.ports.onReleased(conversation, passedOn, unsent);
  }

  /** Whether what the agent's state counts is all here; if not, a frame was lost. */
  inStep(): boolean {
    const agent = this.agent.peek();
    if (!agent) return false;
    const held = this.#held.peek();
    const known = this.active.peek().length + openOffers(this.offers.peek()).length;
    const sameConversations =
      agent.conversations.length === held.size && agent.conversations.every((id) => held.has(id));
    return sameConversations && agent.load <= known;
  }

  /** Who is no agent any more holds nothing, and is offered nothing. */
  clear(): void {
    this.offers.value = NO_OFFERS;
    for (const id of this.#held.peek().keys()) this.release(id);
  }

  /** Ends all conversations here without forgetting what was written in them. */
  end(): void {
    for (const conversation of this.#held.peek().values()) conversation.end(false);
  }

  /** A pushed offer was just made: its whole time is left, whatever the clocks say. */
  #present({ offer }: OfferPresented): void {
    const endsAt = this.ports.clock.now() + offer.seconds * 1000;
    this.offers.value = presentOffer(this.offers.peek(), offer, endsAt, this.nextRevision());
  }

  /** `revision` is that of the frame that brought the view, or of the request for it. */
  #hold(view: AgentConversation, revision: number): void {
    const known = this.find(view.conversation_id);
    if (known) {
      known.update(view, revision);
      return;
    }
    const conversation = this.ports.makeConversation(view, revision);
    this.#held.value = new Map(this.#held.peek()).set(conversation.id, conversation);
    this.ports.onOpened(conversation);
    conversation.begin();
  }
}

function byAcceptance(one: Conversation, other: Conversation): number {
  const key = ({ view, id }: Conversation): string =>
    `${view.value.accepted_at ?? view.value.started_at} ${id}`;
  return key(one).localeCompare(key(other));
}
