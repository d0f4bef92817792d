import type { Store } from "../../shared/storage.js";

/** Whether the browser lets the app keep anything: in frames, some refuse it. */
export function hasStorage(): boolean {
  try {
    // Reading the property itself throws where third-party data is blocked.
    return globalThis.localStorage.length >= 0;
  } catch {
    return false;
  }
}

/** Keeps values in the storage of the customer's page, which must be asked for them first. */
export class PageStore implements Store {
  readonly #values = new Map<string, string>();
  readonly #keep: (key: string, value: string | null) => void;

  /** @param keep asks the page to keep a value, or with null to forget it */
  constructor(keep: (key: string, value: string | null) => void) {
    this.#keep = keep;
  }

  /** Takes over what the page keeps, or what another tab has changed. */
  adopt(key: string, value: string | null): void {
    if (value === null) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  get(key: string): unknown {
    try {
      return JSON.parse(this.#values.get(key) ?? "null");
    } catch {
      return null;
    }
  }

  set(key: string, value: unknown): void {
    const json = JSON.stringify(value);
    this.#values.set(key, json);
    this.#keep(key, json);
  }

  remove(key: string): void {
    if (this.#values.delete(key)) this.#keep(key, null);
  }

  keys(prefix: string): string[] {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}
