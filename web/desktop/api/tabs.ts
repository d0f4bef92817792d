import type { Tokens } from "./cognito.js";

/** What the tabs of one browser tell each other. */
type Word =
  { kind: "who" } | { kind: "signed-in"; tokens: Tokens } | { kind: "signed-out"; agentId: string };

/** The part of a `BroadcastChannel` that is used. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener" | "close">;

/** How long a new tab waits for one that is signed in. */
const ANSWER_MS = 250;

export interface TabsPorts {
  open: () => Channel | null;
  /** The tokens of this tab, while somebody is signed in here. */
  tokens: () => Tokens | null;
  agentId: () => string;
  /** Somebody signed this agent out in another tab. */
  onSignedOut: () => void;
}

/**
 * Shares the sign-in between the tabs of one browser, for as long as one of them is open.
 *
 * Tokens are not written to localStorage: they would outlive the browser. A new tab asks those that
 * are open; only pages of this origin hear it.
 */
export class Tabs {
  readonly #ports: TabsPorts;
  readonly #channel: Channel | null;

  constructor(ports: TabsPorts) {
    this.#ports = ports;
    this.#channel = ports.open();
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data as Word));
  }

  /** The tokens of another tab, or null where none is signed in. */
  ask(): Promise<Tokens | null> {
    const channel = this.#channel;
    if (!channel) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), ANSWER_MS);
      channel.addEventListener("message", ({ data }) => {
        const word = data as Word;
        if (word.kind !== "signed-in") return;
        clearTimeout(timer);
        resolve(word.tokens);
      });
      this.#say({ kind: "who" });
    });
  }

  signOut(agentId: string): void {
    this.#say({ kind: "signed-out", agentId });
  }

  #hear(word: Word): void {
    const tokens = this.#ports.tokens();
    if (word.kind === "who" && tokens) this.#say({ kind: "signed-in", tokens });
    const ours = word.kind === "signed-out" && tokens && word.agentId === this.#ports.agentId();
    if (ours) this.#ports.onSignedOut();
  }

  #say(word: Word): void {
    this.#channel?.postMessage(word);
  }
}
