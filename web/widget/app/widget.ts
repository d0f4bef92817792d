import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { Backoff } from "../../shared/backoff.js";
import { ApiError, isFinal, Refused } from "../../shared/errors.js";
import { newId } from "../../shared/ids.js";
import { Pause } from "../../shared/pause.js";
import type { ConversationStart, QueueForm, StartConversation } from "../../shared/protocol.js";
import { inTurn } from "../../shared/turns.js";
import { CustomerApi } from "./api.js";
import { loadConfig, type Config } from "./config.js";
import { Conversation, type ConversationOptions } from "./conversation.js";
import type { HostPage } from "./host.js";
import { IDENTIFYING, type Answers, type Memory } from "./memory.js";

/** What the widget shows. */
export type View =
  | { name: "loading" }
  | { name: "failed"; gone: boolean }
  | { name: "form"; form: QueueForm }
  | { name: "conversation"; conversation: Conversation };

interface Connection {
  config: Config;
  api: CustomerApi;
}

/** How far the request to start a conversation is. */
export type Starting =
  | { name: "idle" | "sending" | "retrying" | "confirming" }
  /** It failed many times in a row; the next try comes by itself, or at once if asked for. */
  | { name: "unreachable" }
  /** The server takes no more for now; it is asked again at that time. */
  | { name: "held"; minutes: number };

const IDLE: Starting = { name: "idle" };

/** The state of the widget, and everything that the customer can do in it. */
export class Widget {
  readonly #view = signal<View>({ name: "loading" });
  readonly #starting = signal<Starting>(IDLE);
  readonly #refusal = signal<Refused | null>(null);
  /** Proves that a person writes; null until the provider of the captcha has given one. */
  readonly captchaToken = signal<string | null>(null);
  /** Grows whenever another token is needed. */
  readonly captchaRound = signal(0);
  readonly #read = signal(0);
  readonly #backoff = new Backoff();
  readonly #pause = new Pause();
  #connection: Connection | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly queueId: string,
    readonly host: HostPage,
    readonly memory: Memory,
  ) {
    memory.onPlace(() => this.#followOtherTab());
    effect(() => this.host.tell(this.unread.value, this.#underway()));
    effect(() => this.#noteRead());
    document.addEventListener("visibilitychange", () => this.#noteRead());
    addEventListener("online", () => {
      if (this.#view.value.name === "failed") void this.#tryToLoad();
    });
  }

  get view(): ReadonlySignal<View> {
    return this.#view;
  }

  get starting(): ReadonlySignal<Starting> {
    return this.#starting;
  }

  /** Why the last request to start a conversation was refused. */
  get refusal(): ReadonlySignal<Refused | null> {
    return this.#refusal;
  }

  /** Messages of others that came while nobody looked. */
  readonly unread = computed(() => {
    const view = this.#view.value;
    if (view.name !== "conversation") return 0;
    return view.conversation.events.value.filter(
      (event) =>
        event.seq > this.#read.value &&
        event.type === "message.sent" &&
        event.sender.role !== "customer",
    ).length;
  });

  /** Shows the conversation that the customer is in, or else the form. */
  async load(): Promise<void> {
    this.#view.value = { name: "loading" };
    await this.#tryToLoad();
  }

  async #tryToLoad(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const { place } = this.memory;
      if (place) await this.#resume(place.conversation_id);
      else await this.#showForm();
      this.#backoff.reset();
    } catch (error) {
      const gone = error instanceof ApiError && error.code === "not_found";
      this.#view.value = { name: "failed", gone };
      if (gone) console.warn(`Lambdesk has no queue "${this.queueId}": look at data-queue.`);
      // Nobody may be looking: in the background the widget has to come back by itself.
      if (!gone) this.#retry = setTimeout(() => void this.#tryToLoad(), this.#backoff.next(error));
    }
  }

  /** Starts a conversation with the answers of the form. */
  async start(answers: Answers): Promise<void> {
    this.#starting.value = { name: "sending" };
    // The address of the page changes without a page view.
    await this.host.ask();
    const { website } = this.host;
    await this.#start({
      start_id: newId(),
      queue_id: this.queueId,
      answers,
      channel: "web",
      website,
      ...this.#captchaAnswer(),
    });
  }

  /** Tries at once to start the conversation that could not be started yet. */
  tryNow(): void {
    this.#starting.value = { name: "sending" };
    this.#pause.end();
  }

  /** Leaves the ended conversation behind and shows the form. */
  async startAgain(): Promise<void> {
    this.#leave();
    this.memory.place = null;
    await this.load();
  }

  async #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const config = await loadConfig();
    const api = new CustomerApi(config.rest_url, () => this.memory.token);
    return (this.#connection = { config, api });
  }

  async #showForm(): Promise<void> {
    const { api } = await this.#connect();
    const form = await api.form(this.queueId);
    this.#view.value = { name: "form", form };
    const unanswered = this.memory.unansweredStart;
    if (unanswered) void this.#start(unanswered);
  }

  async #resume(conversationId: string): Promise<void> {
    const connection = await this.#connect();
    try {
      const page = await connection.api.transcript(conversationId, 0);
      this.#enter(connection, { known: page.conversation, page });
    } catch (error) {
      if (!isFinal(error)) throw error;
      this.#lose(error);
      await this.#showForm();
    }
  }

  async #start(request: StartConversation): Promise<void> {
    this.memory.unansweredStart = request;
    this.#refusal.value = null;
    this.#starting.value = { name: "sending" };
    const connection = await this.#connect();
    try {
      const start = await this.#startUntilAnswered(connection.api, request);
      this.#enter(connection, { known: start.conversation, ticket: start.socket_ticket });
    } catch (error) {
      if (!isFinal(error)) throw error;
      this.#refusal.value = error;
    } finally {
      this.memory.unansweredStart = null;
      this.#starting.value = IDLE;
    }
  }

  /**
   * Tries until there is an answer: it is the same request each time, so it starts only once. Where
   * that comes so late that what it had started is over, it starts another one.
   */
  async #startUntilAnswered(
    api: CustomerApi,
    request: StartConversation,
  ): Promise<ConversationStart> {
    const backoff = new Backoff();
    for (;;) {
      try {
        return await this.#startInTurn(api, request);
      } catch (error) {
        if (error instanceof ApiError && error.code === "conversation_closed") {
          request = this.memory.unansweredStart = { ...request, start_id: newId() };
          await this.#pause.of(backoff.next());
        } else if (error instanceof ApiError && error.field === "captcha_token") {
          request = this.memory.unansweredStart = await this.#confirmed(request);
        } else if (
          error instanceof ApiError &&
          error.status === 401 &&
          this.memory.token !== null
        ) {
          this.memory.forgetCustomer();
        } else if (isFinal(error)) {
          throw error;
        } else {
          const pause = backoff.next(error);
          this.#starting.value = howItWaits(error, backoff.stuck.value);
          await this.#pause.of(pause);
        }
      }
    }
  }

  /** A tab that starts at the same time waits, and then joins as the customer that we became. */
  #startInTurn(api: CustomerApi, request: StartConversation): Promise<ConversationStart> {
    return inTurn("lambdesk:start", async () => {
      const start = await api.start(request);
      this.#keep(request, start);
      return start;
    });
  }

  #captchaAnswer(): Pick<StartConversation, "captcha_token"> {
    const token = this.captchaToken.peek();
    return token === null ? {} : { captcha_token: token };
  }

  /** A token is good once and for a few minutes: the same request with another one. */
  async #confirmed(request: StartConversation): Promise<StartConversation> {
    this.captchaToken.value = null;
    this.captchaRound.value += 1;
    this.#starting.value = { name: "confirming" };
    const captcha_token = await new Promise<string>((resolve) => {
      const unwatch = effect(() => {
        const token = this.captchaToken.value;
        if (token === null) return;
        resolve(token);
        // The effect may run before it can be stopped.
        queueMicrotask(() => unwatch());
      });
    });
    this.#starting.value = { name: "sending" };
    return { ...request, captcha_token };
  }

  #keep({ answers }: StartConversation, start: ConversationStart): void {
    const token = start.customer_token ?? this.memory.token;
    const told = Object.entries(answers).filter(([variable]) => IDENTIFYING.includes(variable));
    if (token !== null) {
      this.memory.keepCustomer(token, { ...this.memory.identity, ...Object.fromEntries(told) });
    }
    this.memory.place = { conversation_id: start.conversation.conversation_id, read: 0 };
    this.memory.keepDraft("form", null);
  }

  #enter(
    { config, api }: Connection,
    start: Pick<ConversationOptions, "known" | "page" | "ticket">,
  ): void {
    this.#leave();
    this.#read.value = this.memory.place?.read ?? 0;
    const conversation = new Conversation({
      ...start,
      api,
      socketUrl: config.socket_url,
      store: this.memory.store,
      onLost: (error) => {
        this.#lose(error);
        void this.load();
      },
    });
    conversation.start();
    this.#view.value = { name: "conversation", conversation };
  }

  /** The server does not let us into the conversation any more. */
  #lose(error: Refused): void {
    this.#leave();
    this.memory.place = null;
    if (error.code === "unauthenticated") this.memory.forgetCustomer();
  }

  #leave(): void {
    const view = this.#view.value;
    if (view.name !== "conversation") return;
    view.conversation.stop();
    if (view.conversation.status.value === "ended") view.conversation.outbox.clear();
    this.#view.value = { name: "loading" };
  }

  #followOtherTab(): void {
    const { place } = this.memory;
    const view = this.#view.value;
    const current = view.name === "conversation" ? view.conversation.id : null;
    if (!place) return;
    if (place.conversation_id === current) this.#read.value = place.read;
    else if (this.#starting.value.name === "idle") void this.load();
  }

  #underway(): boolean {
    const view = this.#view.value;
    // While it is not known yet, what the page remembers stays right.
    if (view.name !== "conversation") return this.memory.place !== null;
    return view.conversation.status.value !== "ended" || this.unread.value > 0;
  }

  #noteRead(): void {
    const view = this.#view.value;
    if (view.name !== "conversation") return;
    const newest = view.conversation.events.value.at(-1)?.seq ?? 0;
    if (!this.host.open.value || document.visibilityState !== "visible") return;
    if (newest <= this.#read.peek()) return;
    this.#read.value = newest;
    const { id } = view.conversation;
    if (this.memory.place?.conversation_id !== id) return;
    this.memory.place = { conversation_id: id, read: newest };
  }
}

function howItWaits(error: unknown, stuck: boolean): Starting {
  if (error instanceof Refused && error.retryAfter !== null) {
    return { name: "held", minutes: Math.ceil(error.retryAfter / 60) };
  }
  return { name: stuck ? "unreachable" : "retrying" };
}
