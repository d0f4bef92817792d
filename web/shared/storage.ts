/** Keeps JSON values by key. It never fails: what the browser will not keep, the page keeps. */
export interface Store {
  /** The value under a key, or null; what is not readable counts as not there. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  remove(key: string): void;
  /** The keys with a prefix, in the order of their characters. */
  keys(prefix: string): string[];
}

/**
 * The browser's storage, backed by memory where the browser refuses it: in private windows, in
 * frames with blocked third-party data, or when it is full.
 */
export class BrowserStore implements Store {
  readonly #memory = new Map<string, string>();
  readonly #storage: Storage | null;

  constructor(kind: "localStorage" | "sessionStorage") {
    this.#storage = reach(kind);
  }

  get(key: string): unknown {
    try {
      return JSON.parse(this.#memory.get(key) ?? this.#storage?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  set(key: string, value: unknown): void {
    const json = JSON.stringify(value);
    this.#memory.delete(key);
    try {
      if (!this.#storage) throw new Error("There is no storage.");
      this.#storage.setItem(key, json);
    } catch {
      this.#memory.set(key, json);
    }
  }

  remove(key: string): void {
    this.#memory.delete(key);
    try {
      this.#storage?.removeItem(key);
    } catch {
      // A store out of reach has nothing to remove.
    }
  }

  keys(prefix: string): string[] {
    const stored = this.#storage ? Object.keys(this.#storage) : [];
    const all = new Set([...this.#memory.keys(), ...stored]);
    return [...all].filter((key) => key.startsWith(prefix)).sort();
  }
}

function reach(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    // Reading the property itself throws where third-party data is blocked.
    return globalThis[kind];
  } catch {
    return null;
  }
}
