import type { Kept, StorageKind } from "../frames.js";

// The page may forbid storage; then the widget forgets, and works.

/** The value of the customer's page under a key. */
export function recall(kind: StorageKind, key: string): string | null {
  try {
    return globalThis[kind].getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a value in the customer's page, or with null removes it. */
export function remember(kind: StorageKind, key: string, value: string | null): void {
  try {
    if (value === null) globalThis[kind].removeItem(key);
    else globalThis[kind].setItem(key, value);
  } catch {
    return;
  }
}

/** All values whose keys begin so, by the rest of their keys. */
export function recallAll(prefix: string): Kept {
  return {
    localStorage: all("localStorage", prefix),
    sessionStorage: all("sessionStorage", prefix),
  };
}

function all(kind: StorageKind, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  try {
    for (const key of Object.keys(globalThis[kind])) {
      if (key.startsWith(prefix)) found[key.slice(prefix.length)] = recall(kind, key) ?? "";
    }
  } catch {
    // A refused store holds nothing.
  }
  return found;
}
