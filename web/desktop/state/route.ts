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
  /** Whether the agent chose the conversation to write in it; not when it was only restored. */
  cameToWrite = false;
  /** The conversation that was open last: the way back to the list leads to it. */
  last: string | null = null;
  readonly #route = signal(parseRoute(location.hash));

  constructor(until: AbortSignal) {
    this.conversation = computed(() => this.#route.value.conversation);
    this.pane = computed(() => this.#route.value.pane);
    const follow = (): void => {
      this.cameToWrite = false;
      this.#show(parseRoute(location.hash));
    };
    addEventListener("popstate", follow, { signal: until });
  }

  /** Going deeper makes a step to come back from; going sideways or up does not. */
  go(route: Route): void {
    const deeper = DEPTH[route.pane] > DEPTH[this.#route.peek().pane];
    const address = formatRoute(route);
    if (deeper) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.#show(route);
  }

  open(conversation: string): void {
    this.cameToWrite = true;
    this.go({ conversation, pane: "conversation" });
  }

  /** Shows a conversation to somebody who may only be passing by. */
  browse(conversation: string): void {
    this.cameToWrite = false;
    this.go({ conversation, pane: "conversation" });
  }

  toList(): void {
    this.go({ conversation: null, pane: "list" });
  }

  showDetails(shown: boolean): void {
    this.go({ conversation: this.conversation.peek(), pane: shown ? "details" : "conversation" });
  }

  #show(route: Route): void {
    this.last = route.conversation ?? this.#route.peek().conversation ?? this.last;
    this.#route.value = route;
  }
}

const DEPTH: Readonly<Record<Pane, number>> = { list: 0, conversation: 1, details: 2 };
