import { signal, type ReadonlySignal } from "@preact/signals";

export interface Notice {
  id: number;
  text: string;
  tone: "info" | "problem";
}

const SHOWN_MS = 6_000;

/** Short words about what just happened; most leave by themselves. */
export class Notices {
  readonly #list = signal<readonly Notice[]>([]);
  #lastId = 0;

  get list(): ReadonlySignal<readonly Notice[]> {
    return this.#list;
  }

  add(text: string, tone: Notice["tone"] = "info"): void {
    const id = this.#show(text, tone);
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  /** Shows it until it is dismissed, by the agent or by the id that it returns. */
  addLasting(text: string): number {
    return this.#show(text, "info");
  }

  dismiss(id: number): void {
    this.#list.value = this.#list.peek().filter((notice) => notice.id !== id);
  }

  #show(text: string, tone: Notice["tone"]): number {
    const notice = { id: ++this.#lastId, text, tone };
    const others = this.#list.peek().filter((shown) => shown.text !== text);
    this.#list.value = [...others, notice];
    return notice.id;
  }
}
