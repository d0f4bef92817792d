import { useEffect } from "preact/hooks";
import { moveBy } from "../../components/ConversationList/moves.js";
import { useTools, type DeskTools } from "../../tools.js";

/** Alt + A accepts the oldest offer; Alt + ↑ and Alt + ↓ go from conversation to conversation. */
export function useShortcuts(): void {
  const tools = useTools();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      // The place of the key: with Alt, some keyboards make another letter of it.
      const act = ACTIONS[event.code];
      if (!act || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      act(tools);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [tools]);
}

const ACTIONS: Readonly<Record<string, (tools: DeskTools) => void>> = {
  KeyA: acceptFirst,
  ArrowDown: (tools) => move(tools, 1),
  ArrowUp: (tools) => move(tools, -1),
};

function acceptFirst({ workplace }: DeskTools): void {
  const { entries } = workplace.desk.offers.peek();
  const first = entries.find(({ phase }) => phase === "pending");
  if (first && !workplace.outage.peek()) void workplace.accept(first.offer);
}

function move({ workplace, navigation }: DeskTools, step: number): void {
  const conversations = workplace.desk.ordered.peek();
  const next = moveBy(conversations, navigation.conversation.peek(), step);
  if (next) navigation.open(next.id);
}
