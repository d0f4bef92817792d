/** What had the focus, and what was around it: once it is gone, nothing around it tells. */
interface Kept {
  element: HTMLElement;
  returnsTo: string | null;
  keepers: readonly Element[];
}

/** In which order the parts of the desk are the place to go on. */
const HOMES = ["main", "came-from", "list", "details", "page"];

/**
 * Keeps the focus somewhere meaningful. When what has it leaves the screen, browsers give it to the
 * page's body: keys then go nowhere, and a screen reader starts from the top.
 *
 * The markup says where it goes. `data-returns-to` names the control that brought what has left.
 * A part with `data-keeps-focus` keeps the focus while it shows a `data-home`. Else it goes to the
 * first of the desk's homes that is shown. Where nothing had the focus, nothing gets it.
 */
export function keepFocus(root: HTMLElement): void {
  let last: Kept | null = null;
  root.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) last = remember(target);
  });
  new MutationObserver(() => {
    if (!last || isShown(last.element) || !isLost()) return;
    homeFor(last, root)?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true, attributeFilter: ["data-pane"] });
}

/** An element that has just been hidden keeps the focus until the page is drawn. */
function isLost(): boolean {
  const active = document.activeElement;
  return !(active instanceof HTMLElement) || active === document.body || !isShown(active);
}

function remember(element: HTMLElement): Kept {
  const keepers: Element[] = [];
  for (let at = element.closest("[data-keeps-focus]"); at; at = above(at)) keepers.push(at);
  const returnsTo = element.closest<HTMLElement>("[data-returns-to]")?.dataset["returnsTo"] ?? null;
  return { element, returnsTo, keepers };
}

function above(keeper: Element): Element | null {
  return keeper.parentElement?.closest("[data-keeps-focus]") ?? null;
}

function homeFor({ returnsTo, keepers }: Kept, root: HTMLElement): HTMLElement | null {
  const opener = returnsTo === null ? null : document.getElementById(returnsTo);
  if (opener && isShown(opener)) return opener;
  const kept = keepers.flatMap((keeper) => homesIn(keeper, "[data-home]"));
  const others = HOMES.flatMap((name) => homesIn(root, `[data-home=${name}]`));
  const home = [...kept, ...others].find(isShown);
  return home ? (fieldIn(home) ?? home) : null;
}

function homesIn(part: Element, selector: string): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(selector)];
}

/** Where one writes, except where the keyboard of a phone would come up uncalled. */
function fieldIn(home: HTMLElement): HTMLElement | null {
  const touch = matchMedia("(pointer: coarse)").matches;
  return touch ? null : home.querySelector<HTMLElement>("textarea:not(:disabled)");
}

function isShown(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0;
}
