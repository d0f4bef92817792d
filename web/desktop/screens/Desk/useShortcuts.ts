import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { moveBy } from "../../components/ConversationList/moves.js";
import { GUARD_MS } from "../../components/Offers/steady.js";
import { firstToAnswer } from "../../state/offers.js";
import { shortcutOf } from "../../state/shortcuts.js";
import { useTools, type DeskTools } from "../../tools.js";

/** Keys that work wherever the focus is on the desk; see `SHORTCUTS`. */
export function useShortcuts(): void {
  const tools = useTools();
  useEffect(() => {
    const first = followFirst(tools);
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!tools.preferences.shortcuts.peek() || document.querySelector("dialog[open]")) return;
      const shortcut = shortcutOf(event);
      if (!shortcut) return;
      event.preventDefault();
      if (shortcut === "accept") accept(tools, first.since());
      else move(tools, shortcut === "next" ? 1 : -1);
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      first.stop();
      removeEventListener("keydown", onKeyDown);
    };
  }, [tools]);
}

/** Follows which offer is the first to answer, and since when. */
function followFirst({ workplace }: DeskTools): { since: () => number; stop: () => void } {
  let id: string | undefined;
  let since = 0;
  const stop = effect(() => {
    const next = firstToAnswer(workplace.desk.offers.value)?.offer.offer_id;
    if (next !== id) since = performance.now();
    id = next;
  });
  return { since: () => since, stop };
}

/** A key pressed just as the offer came, or came up, was meant for what was there before. */
function accept({ workplace }: DeskTools, since: number): void {
  const first = firstToAnswer(workplace.desk.offers.peek());
  if (!first || workplace.outage.peek() || performance.now() - since < GUARD_MS) return;
  void workplace.accept(first.offer);
}

function move({ workplace, navigation }: DeskTools, step: number): void {
  const conversations = workplace.desk.ordered.peek();
  const next = moveBy(conversations, navigation.conversation.peek(), step);
  if (next) navigation.open(next.id);
}
