import { signal, type Signal } from "@preact/signals";
import type { Store } from "../../shared/storage.js";

export interface Preferences {
  muted: Signal<boolean>;
  /** Whether the agent was asked about notifications before. */
  askedToNotify: Signal<boolean>;
  detailsShown: Signal<boolean>;
  shortcuts: Signal<boolean>;
}

/** What the agent chose on this computer; kept, and shared by all windows opened later. */
export function createPreferences(store: Store): Preferences {
  return {
    muted: kept(store, "lambdesk:muted", false),
    askedToNotify: kept(store, "lambdesk:asked-to-notify", false),
    detailsShown: kept(store, "lambdesk:details", true),
    shortcuts: kept(store, "lambdesk:shortcuts", true),
  };
}

function kept(store: Store, key: string, fallback: boolean): Signal<boolean> {
  const value = store.get(key);
  const preference = signal(typeof value === "boolean" ? value : fallback);
  preference.subscribe((next) => store.set(key, next));
  return preference;
}
