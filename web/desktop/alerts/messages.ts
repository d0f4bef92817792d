import { effect } from "@preact/signals";
import type { Event, MessageSent } from "../../shared/protocol.js";
import type { Conversation } from "../state/conversation.js";
import { messagesOf } from "../state/timeline.js";
import { t } from "../text/index.js";
import type { DeskTools } from "../tools.js";
import { notify } from "./notifications.js";
import type { Sounds } from "./sound.js";

type Tools = Pick<DeskTools, "workplace" | "navigation" | "announcer">;

/**
 * Tells what customers write: in the words themselves where the agent looks, else by a sound, the
 * name, and a notification if the desk is out of sight. What was there when the conversation was
 * loaded is not new.
 */
export function tellOfMessages(tools: Tools, sounds: Pick<Sounds, "message">): () => void {
  const told = new Map<string, number>();
  const ended = new Set<string>();
  return effect(() => {
    for (const conversation of tools.workplace.desk.conversations.value) {
      if (!conversation.loaded.value) continue;
      const events = conversation.transcript.events.value;
      const known = told.get(conversation.id);
      // The first page counts as loaded before its events are in: its position tells what is old.
      const least = known ?? conversation.view.peek().position;
      told.set(conversation.id, Math.max(least, events.at(-1)?.seq ?? 0));
      if (known === undefined) continue;
      const fresh = fromCustomer(events).filter(({ seq }) => seq > known);
      if (fresh.length > 0) tell(tools, sounds, conversation, fresh);
      if (isNewlyEnded(events, known) && !ended.has(conversation.id)) {
        ended.add(conversation.id);
        tools.announcer.say(t("announce.ended", { name: nameOf(conversation) }));
      }
    }
  });
}

function tell(
  { navigation, announcer }: Tools,
  sounds: Pick<Sounds, "message">,
  conversation: Conversation,
  fresh: readonly MessageSent[],
): void {
  const name = nameOf(conversation);
  const text = fresh.map((message) => message.text).join("\n");
  if (navigation.conversation.peek() === conversation.id && document.hasFocus()) {
    announcer.say(t("announce.words", { name, text }));
    return;
  }
  sounds.message();
  announcer.say(t("announce.message", { name }));
  const withdraw = notify(t("announce.message", { name }), text, conversation.id);
  addEventListener("focus", withdraw, { once: true });
}

function nameOf(conversation: Conversation): string {
  return conversation.view.peek().customer.name;
}

function fromCustomer(events: readonly Event[]): MessageSent[] {
  return messagesOf(events).filter(({ sender }) => sender.role === "customer");
}

function isNewlyEnded(events: readonly Event[], known: number): boolean {
  return events.some(({ type, seq }) => type === "conversation.ended" && seq > known);
}
