import { signal, type ReadonlySignal } from "@preact/signals";
import { Backoff } from "./backoff.js";
import { isFinal, type Refused } from "./errors.js";
import { Pause } from "./pause.js";
import type { Event, EventHappened } from "./protocol.js";

/** What a transcript request answers, of customers and agents alike. */
export interface Page {
  events: readonly Event[];
  position: number;
  more: boolean;
}

/**
 * The events of one conversation, put together from pushes and pages.
 *
 * Pushes may arrive out of order, twice, or never. `position` is the number up to which everything
 * is held. A push tells which event came `after` which, so a gap shows, and the page after
 * `position` closes it.
 */
export class Transcript {
  readonly #bySeq = new Map<number, Event>();
  readonly #events = signal<readonly Event[]>([]);
  /** Pushes that arrived before what they follow. */
  #early: EventHappened[] = [];
  #first = 0;
  #position = 0;
  #newest = 0;

  /** All events held, in their order. */
  get events(): ReadonlySignal<readonly Event[]> {
    return this.#events;
  }

  /** Everything from the first event held up to this number is held. */
  get position(): number {
    return this.#position;
  }

  /** The newest number known to exist, held or not. */
  get newest(): number {
    return Math.max(this.#newest, this.#position);
  }

  /** Whether something is missing. */
  get behind(): boolean {
    return this.newest > this.#position;
  }

  /** Takes an `event` frame in. */
  receive(frame: EventHappened): void {
    this.#early.push(frame);
    this.noteNewest(frame.event.seq);
    this.#insert([frame.event]);
    this.#advance(this.#position);
  }

  /** Takes a page in. */
  merge(page: Page): void {
    this.#insert(page.events);
    this.#advance(page.position);
  }

  /** Takes a page in as the beginning of what is held. What lies before `first` is held no more. */
  restart(first: number, page: Page): void {
    for (const seq of this.#bySeq.keys()) if (seq < first) this.#bySeq.delete(seq);
    this.#first = first;
    this.#position = page.position;
    this.merge(page);
  }

  /** Takes in the page that ends before a number. A gap in it is fetched with all behind it. */
  prepend(page: Page, before: number): void {
    this.#first = page.events[0]?.seq ?? 0;
    this.#insert(page.events);
    if (page.position < before - 1) this.#position = Math.min(this.#position, page.position);
    this.noteNewest(before - 1);
  }

  /** Takes an event in of which it is not known what it follows. */
  show(event: Event): void {
    if (event.seq >= this.#first && !this.#bySeq.has(event.seq)) this.#insert([event]);
  }

  /** The server says that there are events up to this number. */
  noteNewest(position: number): void {
    this.#newest = Math.max(this.#newest, position);
  }

  /** The server says that it has given everything, when this was the newest number known. */
  settle(newest: number): void {
    if (this.#newest <= newest) this.#newest = this.#position;
  }

  #insert(events: readonly Event[]): void {
    if (events.length === 0) return;
    for (const event of events) this.#bySeq.set(event.seq, event);
    this.#events.value = [...this.#bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  #advance(position: number): void {
    this.#position = Math.max(this.#position, position);
    const next = this.#early.find((frame) => frame.after <= this.#position);
    if (next === undefined) return;
    this.#early = this.#early.filter((frame) => frame !== next);
    this.#advance(Math.max(this.#position, next.event.seq));
  }
}

/** Fetches what a transcript misses: one request at a time, tried again until it is answered. */
export class CatchUp {
  readonly #backoff = new Backoff();
  readonly #pause = new Pause();
  #running = false;
  #stopped = false;
  /** Whether a refresh was asked for while a fetch was on its way. */
  #again = false;

  /**
   * @param fetchAfter asks for the page after a number
   * @param onRefused is told when the server will not answer, however often it is asked
   */
  constructor(
    readonly transcript: Transcript,
    private readonly fetchAfter: (position: number) => Promise<Page>,
    private readonly onRefused: (error: Refused) => void = () => undefined,
  ) {}

  /** Whether the server has not answered for a while. */
  get stuck(): ReadonlySignal<boolean> {
    return this.#backoff.stuck;
  }

  /** Fetches if something is missing. Call it after each push and each `synced`. */
  check(): void {
    this.#pause.end();
    if (this.transcript.behind) void this.#run();
  }

  /** Fetches even if nothing is known to be missing. */
  refresh(): void {
    this.#again = true;
    this.#pause.end();
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#pause.end();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    try {
      while (await this.#step());
    } finally {
      this.#running = false;
    }
  }

  /** Fetches one page; false when there is nothing more to do. */
  async #step(): Promise<boolean> {
    const { transcript } = this;
    const newest = transcript.newest;
    this.#again = false;
    try {
      const page = await this.fetchAfter(transcript.position);
      if (this.#stopped) return false;
      transcript.merge(page);
      this.#backoff.reset();
      if (page.more) return true;
      // Numbers that a full answer leaves out do not exist; only those heard of since are missing.
      transcript.settle(newest);
      return transcript.behind || this.#isAskedAgain();
    } catch (error) {
      if (isFinal(error)) {
        this.onRefused(error);
        return false;
      }
      await this.#pause.of(this.#backoff.next(error));
      return !this.#hasStopped();
    }
  }

  #isAskedAgain(): boolean {
    return this.#again;
  }

  #hasStopped(): boolean {
    return this.#stopped;
  }
}
