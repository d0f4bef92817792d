import { computed, signal, type ReadonlySignal } from "@preact/signals";

/** On a narrow screen each pane is a page; on a wide one only the conversation matters. */
export type Pane = "list" | "conversation" | "details";

export interface Route {
  conversation: string | null;
  pane: Pane;
}

export function parseRoute(hash: string): Route {
  const match = /^#\/c\/([^/]+)(\/details)?$/.exec(hash);
  if (!match?.[1]) return { conversation: null, pane: "list" };
  try {
    const conversation = decodeURIComponent(match[1]);
    return { conversation, pane: match[2] ? "details" : "conversation" };
  } catch {
    // Somebody changed the address by hand, or a chat program did.
    return { conversation: null, pane: "list" };
  }
}

export function formatRoute({ conversation, pane }: Route): string {
  if (conversation === null || pane === "list") return "#/";
  const path = `#/c/${encodeURIComponent(conversation)}`;
  return pane === "details" ? `${path}/details` : path;
}

/**
 * Where the agent is, kept in the address: a reload returns there, and the browser's Back leads
 * from page to page on a phone.
 */
export class Navigation {
  readonly conversation: ReadonlySignal<string | null>;
  readonly pane: ReadonlySignal<Pane>;
  /** Whether the agent goes through the list with the keyboard, which keeps the focus there. */
  browsing = false;
  readonly #route = signal(parseRoute(location.hash));

  constructor(until: AbortSignal) {
    this.conversation = computed(() => this.#route.value.conversation);
    this.pane = computed(() => this.#route.value.pane);
    const follow = (): void => {
      this.#route.value = parseRoute(location.hash);
    };
    addEventListener("popstate", follow, { signal: until });
  }

  /** Going deeper makes a step to come back from; going sideways or up does not. */
  go(route: Route): void {
    const deeper = DEPTH[route.pane] > DEPTH[this.#route.peek().pane];
    const address = formatRoute(route);
    if (deeper) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.#route.value = route;
  }

  open(conversation: string): void {
    this.browsing = false;
    this.go({ conversation, pane: "conversation" });
  }

  /** Shows a conversation to somebody who may only be passing by. */
  browse(conversation: string): void {
    this.browsing = true;
    this.go({ conversation, pane: "conversation" });
  }

  toList(): void {
    this.go({ conversation: null, pane: "list" });
  }

  showDetails(shown: boolean): void {
    this.go({ conversation: this.conversation.peek(), pane: shown ? "details" : "conversation" });
  }
}

const DEPTH: Readonly<Record<Pane, number>> = { list: 0, conversation: 1, details: 2 };
