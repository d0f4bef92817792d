/** At most so often a conversation is reported as read. */
const PAUSE_MS = 3_000;

/**
 * Tells the server up to where the agent has read, for their other browsers. What is not taken is
 * not sent again: the next message brings the next report.
 */
export class ReadReports {
  readonly #send: (conversationId: string, seq: number) => Promise<unknown>;
  /** What the server knows, and what it is to be told when the pause is over. */
  readonly #known = new Map<string, number>();
  readonly #due = new Map<string, number>();
  readonly #pauses = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(send: (conversationId: string, seq: number) => Promise<unknown>) {
    this.#send = send;
  }

  known(conversationId: string): number {
    return this.#known.get(conversationId) ?? 0;
  }

  /** The server knows this, from here or from another browser. */
  learn(conversationId: string, seq: number): void {
    if (seq > this.known(conversationId)) this.#known.set(conversationId, seq);
  }

  report(conversationId: string, seq: number): void {
    this.#due.set(conversationId, seq);
    if (!this.#pauses.has(conversationId)) this.#tell(conversationId);
  }

  /** The agent no longer holds the conversation. */
  forget(conversationId: string): void {
    clearTimeout(this.#pauses.get(conversationId));
    for (const kept of [this.#pauses, this.#due, this.#known]) kept.delete(conversationId);
  }

  #tell(conversationId: string): void {
    this.#pauses.delete(conversationId);
    const seq = this.#due.get(conversationId) ?? 0;
    this.#due.delete(conversationId);
    if (seq <= this.known(conversationId)) return;
    this.#pauses.set(
      conversationId,
      setTimeout(() => this.#tell(conversationId), PAUSE_MS),
    );
    this.#send(conversationId, seq).then(
      () => this.learn(conversationId, seq),
      () => undefined,
    );
  }
}
