import type { HostPage } from "./host.js";

/** Where writing goes on, on each screen: the first field, or what is marked so. */
const TARGET = "[data-focus], form :is(input, select, textarea)";

/**
 * Moves the keyboard's focus after what the customer did, and after nothing else: into the frame when
 * they open it, and to where they can go on when what had the focus is gone. Somebody who writes on
 * the page around the frame keeps the focus, whatever happens in here.
 */
export class Focus {
  readonly #root: HTMLElement;
  /** What has the focus in this frame; null once the customer has turned to something else. */
  #held: Element | null = null;
  /** Whether the frame was opened and no screen has taken the focus yet. */
  #opening = false;

  constructor(root: HTMLElement, host: HostPage, until: AbortSignal) {
    this.#root = root;
    const listening = { signal: until };
    root.addEventListener("focusin", ({ target }) => this.#note(target), listening);
    root.addEventListener("focusout", () => queueMicrotask(() => this.#release()), listening);
    document.addEventListener("pointerdown", () => this.#note(null), listening);
    addEventListener("focus", () => this.#settle(), listening);
    const observer = new MutationObserver(() => this.#settle());
    observer.observe(root, { childList: true, subtree: true });
    until.addEventListener("abort", () => observer.disconnect());
    const unsubscribe = host.openings.subscribe((count) => {
      this.#opening = count > 0;
      this.#settle();
    });
    until.addEventListener("abort", unsubscribe);
  }

  #note(target: EventTarget | null): void {
    this.#held = target instanceof Element ? target : null;
    this.#opening = false;
  }

  /** Somebody who is in another window still writes here; somebody on the page around does not. */
  #release(): void {
    if (this.#held?.isConnected && this.#held !== document.activeElement) this.#held = null;
  }

  #settle(): void {
    const lost = this.#held?.isConnected === false && document.activeElement === document.body;
    if (!lost && !(this.#opening && document.hasFocus())) return;
    // On a phone the keyboard would cover half of what is to be read.
    if (matchMedia("(pointer: coarse)").matches) return;
    this.#root.querySelector<HTMLElement>(TARGET)?.focus();
  }
}
