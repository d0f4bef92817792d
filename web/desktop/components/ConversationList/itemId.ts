import type { Conversation } from "../../state/conversation.js";

export function itemId({ id }: Conversation): string {
  return `conversation-${id}`;
}
