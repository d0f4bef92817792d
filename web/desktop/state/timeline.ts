import type { Delivery, Event, MessageDelivery, MessageSent } from "../../shared/protocol.js";
import { isSoon } from "../../shared/run.js";
import { sameDay } from "../../shared/time.js";

/** Which events have a row. Those with one need words: see `wordsFor`. */
const HAS_ROW = {
  "conversation.started": true,
  "message.sent": true,
  "message.delivery": false,
  "number.voided": false,
  "offer.made": true,
  "offer.declined": true,
  "offer.expired": true,
  "offer.revoked": true,
  "participant.joined": true,
  "participant.left": true,
  "conversation.ended": true,
  "conversation.closed": true,
  "customer.opted_out": true,
  "customer.opted_in": true,
} as const satisfies Readonly<Record<Event["type"], boolean>>;

type Shown = typeof HAS_ROW;
type ShownType = { [Type in keyof Shown]: Shown[Type] extends true ? Type : never }[keyof Shown];

/** What can be shown as a line of its own between messages. */
export type SystemEvent = Extract<Event, { type: Exclude<ShownType, "message.sent"> }>;

export interface MessageRow {
  kind: "message";
  key: string;
  message: MessageSent;
  delivery: Delivery | null;
  error: string | null;
  /** First and last of a run of messages of one sender, which are drawn together. */
  first: boolean;
  last: boolean;
}

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; event: SystemEvent }
  | MessageRow;

/**
 * The lines of a transcript. `seen` is the number up to which the agent had read when they opened
 * the conversation: what the customer wrote after it comes below a mark.
 */
export function timeline(events: readonly Event[], seen: number | null = null): Row[] {
  const deliveries = latestDeliveries(events);
  const rows: Row[] = [];
  let day: string | null = null;
  let marked = seen === null;
  for (const event of events) {
    if (!isShown(event)) continue;
    if (day === null || !sameDay(day, event.at)) {
      rows.push({ kind: "day", key: `day-${event.seq}`, at: event.at });
      day = event.at;
    }
    if (!marked && seen !== null && isFromCustomer(event) && event.seq > seen) {
      rows.push({ kind: "unread", key: "unread" });
      marked = true;
    }
    if (event.type === "message.sent") pushMessage(rows, event, deliveries.get(event.seq));
    else rows.push({ kind: "system", key: `e-${event.seq}`, event });
  }
  return rows;
}

/** The newest status wins by its number: statuses may have arrived out of order. */
function latestDeliveries(events: readonly Event[]): Map<number, MessageDelivery> {
  const latest = new Map<number, MessageDelivery>();
  for (const event of events) {
    if (event.type === "message.delivery") latest.set(event.message_seq, event);
  }
  return latest;
}

/** A newer server may tell of things that this client has no words for. */
function isShown(event: Event): event is MessageSent | SystemEvent {
  return Object.hasOwn(HAS_ROW, event.type) && HAS_ROW[event.type];
}

function pushMessage(rows: Row[], message: MessageSent, status: MessageDelivery | undefined): void {
  const before = rows[rows.length - 1];
  const continues = before?.kind === "message" && isOneRun(before.message, message);
  if (continues) before.last = false;
  rows.push({
    kind: "message",
    // A message keeps its key from the moment it is written, so that it is not drawn again.
    key: message.message_id,
    message,
    delivery: status?.delivery ?? message.delivery,
    error: status?.error ?? null,
    first: !continues,
    last: true,
  });
}

function isOneRun(one: MessageSent, next: MessageSent): boolean {
  const sameSender = one.sender.role === next.sender.role && one.sender.id === next.sender.id;
  return sameSender && isSoon(one.at, next.at);
}

function isFromCustomer(event: Event): event is MessageSent {
  return event.type === "message.sent" && event.sender.role === "customer";
}

export function messagesOf(events: readonly Event[]): MessageSent[] {
  return events.filter((event) => event.type === "message.sent");
}

/** How many messages of the customer are unread. An agent who answers has read what came before. */
export function countUnread(events: readonly Event[], seen: number): number {
  const messages = messagesOf(events);
  const answered = messages.findLast((message) => message.sender.role !== "customer")?.seq ?? 0;
  const read = Math.max(seen, answered);
  return messages.filter((message) => isFromCustomer(message) && message.seq > read).length;
}

/** Since when the customer waits for an answer: the first message after the agent's last one. */
export function waitingSince(events: readonly Event[]): string | null {
  const messages = messagesOf(events);
  const answered = messages.findLastIndex((message) => message.sender.role !== "customer");
  return messages[answered + 1]?.at ?? null;
}
