import { effect } from "@preact/signals";
import { presenceText } from "../text/presence.js";
import { t } from "../text/index.js";
import type { DeskTools } from "../tools.js";

type Tools = Pick<DeskTools, "workplace" | "navigation" | "announcer">;

/** Screen readers hear when the customer of the open conversation leaves or comes back. */
export function tellOfPresence({ workplace, navigation, announcer }: Tools): () => void {
  let before: { id: string; text: string } | null = null;
  return effect(() => {
    const id = navigation.conversation.value;
    const open = workplace.desk.conversations.value.find((held) => held.id === id);
    const presence = open?.presence.value;
    if (!open || !presence) {
      before = null;
      return;
    }
    const { customer, channel } = open.view.peek();
    const text = presenceText(presence, channel);
    if (before?.id === open.id && before.text !== text) {
      announcer.say(t("announce.presence", { name: customer.name, presence: text }));
    }
    before = { id: open.id, text };
  });
}
