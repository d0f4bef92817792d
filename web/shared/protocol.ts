/**
 * The wire protocol between Lambdesk and its clients.
 *
 * Generated from chalicelib/protocol by `python -m tools.protocol write`; do not edit.
 * What the server sends always has all its fields, null where there is nothing to say.
 */

/** The version of the protocol that these types describe. */
export const VERSION = 1;

/** Most characters of a message. */
export const MESSAGE_LENGTH = 4000;

/** Most UTF-16 units of a message that leaves as a text. */
export const TEXT_LENGTH = 1600;

/** Most bytes of a request body. */
export const BODY_BYTES = 65536;

/** Most bytes of a frame, either way. */
export const FRAME_BYTES = 32768;

/** The channels whose messages leave as texts. */
export const TEXT_CHANNELS: readonly Channel[] = ["sms", "whatsapp", "messenger", "rcs"];

/** A moment, as RFC 3339 in UTC: `2026-11-22T09:30:00Z`. */
export type Timestamp = string;

export type AgentState = "ready" | "busy" | "wrap_up" | "not_ready" | "offline";

export type Availability = "ready" | "not_ready";

export type Role = "customer" | "agent" | "supervisor" | "bot";

export type CaptchaProvider = "turnstile" | "hcaptcha";

export type FieldType = "text" | "email" | "tel" | "textarea" | "select";

export type Status = "queued" | "offered" | "active" | "wrap_up" | "closed";

export type Channel = "web" | "sms" | "whatsapp" | "messenger" | "rcs" | "app";

export type CustomerStatus = "waiting" | "active" | "ended";

export type Delivery = "pending" | "sent" | "delivered" | "read" | "failed";

export type EndReason = "abandoned";

export type OfferOutcome = "accepted" | "declined" | "expired" | "revoked";

export type Event =
  | ConversationStarted
  | MessageSent
  | MessageDelivery
  | OfferMade
  | OfferDeclined
  | OfferExpired
  | OfferRevoked
  | ParticipantJoined
  | ParticipantLeft
  | ConversationEnded
  | ConversationClosed
  | CustomerOptedOut
  | CustomerOptedIn
  | NumberVoided;

export type AnyCommand =
  | Sync
  | SetAvailability
  | LeaveDesk
  | AcceptOffer
  | DeclineOffer
  | PostMessage
  | CloseConversation
  | ReadConversation;

export type AnyFrame =
  | Synced
  | Ok
  | Refused
  | EventHappened
  | QueuePosition
  | CustomerPresence
  | ReadChanged
  | OfferPresented
  | OfferResolved
  | ConversationOpened
  | ConversationReleased
  | AgentChanged;

/**
 * A customer, agent, supervisor or bot in a conversation.
 *
 * Customers are shown another `id` of the people at the desk than agents are: it is the same in
 * all conversations, and not the one they sign in with.
 */
export interface Participant {
  role: Role;
  id: string;
  name: string;
}

/** The person outside; what is not known is null. */
export interface Customer {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  account_id: string | null;
}

/**
 * An agent's own state.
 *
 * `version` grows with every change: of two states the higher version is the newer.
 * `conversations` are the ids of those held: active, or in wrap-up.
 * `load` counts conversations offered or active, `capacity` is the most there may be.
 * `missed` counts the offers that they missed in a row. An agent who misses as many as the
 * queue allows is made not ready, with the `reason` `no_answer`.
 */
export interface Agent {
  agent_id: string;
  name: string;
  email: string;
  role: Role;
  availability: Availability;
  state: AgentState;
  since: Timestamp;
  load: number;
  capacity: number;
  conversations: string[];
  version: number;
  reason: string | null;
  missed: number;
}

/** How many conversations the agent closed in the half hour that began at `since`. */
export interface Served {
  since: Timestamp;
  count: number;
}

/**
 * A question of a queue's pre-chat form.
 *
 * `variable` names the answer; the variables `name`, `email`, `phone` and `account_id`
 * identify the customer, and `message` is the first message of the conversation.
 */
export interface FormField {
  variable: string;
  label: string;
  type: FieldType;
  required: boolean;
  options: string[];
}

/** A check that a person writes: run the provider's script with this key and send its token. */
export interface Captcha {
  provider: CaptchaProvider;
  site_key: string;
}

/** What a customer must know of a queue before writing to it. */
export interface QueueForm {
  queue_id: string;
  name: string;
  form: FormField[];
  captcha: Captcha | null;
}

/**
 * How a queue of the agent stands.
 *
 * `waiting` counts the customers who wait in it, at most 100, the first of them since
 * `waiting_since`. `ready` counts the agent's colleagues who can be offered a conversation, at
 * most 100. All may be some seconds old.
 */
export interface AgentQueue {
  queue_id: string;
  queue_name: string;
  waiting: number;
  ready: number;
  waiting_since: Timestamp | null;
}

/** One answered question of the pre-chat form. */
export interface Answer {
  variable: string;
  label: string;
  value: string;
}

/** The page on which the customer opened the widget. */
export interface Website {
  url: string;
  title: string;
}

/** The newest message of a conversation, cut to 80 characters. */
export interface LastMessage {
  role: Role;
  text: string;
  at: Timestamp;
}

/**
 * A conversation as its customer sees it.
 *
 * `position` is the number of the newest event that the customer may see.
 * Of the last four only `away_seconds` is there when it does not wait: the others are null.
 * `ahead` counts the conversations that wait before this one, at most 100. `agents` counts
 * the agents who are there and not "not ready", at most 100: 0 where nobody is there now, null
 * where it is not known, or one of them is being asked. `wait_seconds` is about how long it may
 * take, by the pace of those who are there; null where that cannot be told. `away_seconds` is
 * how long the customer may be away while it waits: later it may end.
 */
export interface CustomerConversation {
  conversation_id: string;
  queue_id: string;
  queue_name: string;
  channel: Channel;
  status: CustomerStatus;
  started_at: Timestamp;
  position: number;
  agent: Participant | null;
  ahead: number | null;
  agents: number | null;
  wait_seconds: number | null;
  away_seconds: number | null;
}

/**
 * A conversation as its agent sees it.
 *
 * `position` is the number of its newest event. `dispositions` are the outcomes to choose
 * from when closing it; where the list is empty none is asked for. `customer_present` tells
 * whether the customer is on the page, null where one cannot know. `opted_out` tells that the
 * customer wants no texts: what is sent to them is refused until they opt in again. Up to `read`
 * this agent has read it, in whichever window.
 */
export interface AgentConversation {
  conversation_id: string;
  queue_id: string;
  queue_name: string;
  channel: Channel;
  status: Status;
  customer: Customer;
  answers: Answer[];
  dispositions: string[];
  started_at: Timestamp;
  position: number;
  website: Website | null;
  accepted_at: Timestamp | null;
  customer_present: boolean | null;
  last_message: LastMessage | null;
  opted_out: boolean;
  read: number;
}

/**
 * A conversation pushed to one agent, who accepts or declines it before it expires.
 *
 * `seconds` is how long the agent has in all, for the countdown.
 */
export interface Offer {
  offer_id: string;
  conversation_id: string;
  queue_id: string;
  queue_name: string;
  channel: Channel;
  customer: Customer;
  answers: Answer[];
  first_message: string;
  started_at: Timestamp;
  offered_at: Timestamp;
  expires_at: Timestamp;
  seconds: number;
  website: Website | null;
}

/** The customer wrote for the first time. */
export interface ConversationStarted {
  type: "conversation.started";
  seq: number;
  at: Timestamp;
  channel: Channel;
}

/**
 * A message. `message_id` is the id its sender gave it.
 *
 * `delivery` is null where there is nothing beyond Lambdesk to deliver to (the web), and
 * for customers.
 */
export interface MessageSent {
  type: "message.sent";
  seq: number;
  at: Timestamp;
  message_id: string;
  sender: Participant;
  text: string;
  delivery: Delivery | null;
}

/** The delivery status of an earlier message changed. */
export interface MessageDelivery {
  type: "message.delivery";
  seq: number;
  at: Timestamp;
  message_seq: number;
  delivery: Delivery;
  error: string | null;
}

/** The conversation was pushed to an agent. */
export interface OfferMade {
  type: "offer.made";
  seq: number;
  at: Timestamp;
  offer_id: string;
  agent: Participant;
}

/** The agent declined; the conversation is back in its queue. */
export interface OfferDeclined {
  type: "offer.declined";
  seq: number;
  at: Timestamp;
  offer_id: string;
  agent: Participant;
}

/** The agent did not answer in time. */
export interface OfferExpired {
  type: "offer.expired";
  seq: number;
  at: Timestamp;
  offer_id: string;
  agent: Participant;
}

/** The offer was taken back before the agent answered. */
export interface OfferRevoked {
  type: "offer.revoked";
  seq: number;
  at: Timestamp;
  offer_id: string;
  agent: Participant;
}

/** An agent accepted the conversation. */
export interface ParticipantJoined {
  type: "participant.joined";
  seq: number;
  at: Timestamp;
  participant: Participant;
}

/** A participant left the conversation. */
export interface ParticipantLeft {
  type: "participant.left";
  seq: number;
  at: Timestamp;
  participant: Participant;
}

/**
 * Nobody can write any more; the agent may still have to record the disposition.
 *
 * `reason` is null where a participant ended it. It is `abandoned`, and `by` is `bot`,
 * where the customer was away for longer than the queue allows while the conversation waited.
 */
export interface ConversationEnded {
  type: "conversation.ended";
  seq: number;
  at: Timestamp;
  by: Role;
  reason: EndReason | null;
}

/** The disposition was recorded, or none was needed. */
export interface ConversationClosed {
  type: "conversation.closed";
  seq: number;
  at: Timestamp;
  disposition: string | null;
  note: string | null;
}

/** The customer wants no more texts: messages to them are refused. */
export interface CustomerOptedOut {
  type: "customer.opted_out";
  seq: number;
  at: Timestamp;
}

/** The customer wants texts again. */
export interface CustomerOptedIn {
  type: "customer.opted_in";
  seq: number;
  at: Timestamp;
}

/** Nothing happened under this number: its sender was cut off and never came back. */
export interface NumberVoided {
  type: "number.voided";
  seq: number;
  at: Timestamp;
}

/** The page on which the customer opened the widget. */
export interface WebsiteInput {
  url: string;
  title?: string;
}

/**
 * Opens a conversation, or finds the one that this request opened before.
 *
 * `start_id` makes the request repeatable: choose at least 128 random bits, keep it secret and
 * send the same one when trying again. `answers` maps variables of the queue's form to values;
 * `message`, the first message, is always required. Where the queue's form has a `captcha`,
 * its provider's script gives the `captcha_token`; each is good once, for a few minutes.
 */
export interface StartConversation {
  start_id: string;
  queue_id: string;
  answers: Record<string, string>;
  channel?: "app" | "web";
  website?: WebsiteInput | null;
  captcha_token?: string | null;
}

/**
 * A conversation to talk in.
 *
 * `customer_token` proves who the customer is, now and in later conversations. It is null when
 * the request was made with a token: that one stays good. `socket_ticket` opens one socket
 * within 30 seconds.
 */
export interface ConversationStart {
  conversation: CustomerConversation;
  socket_ticket: string;
  customer_token: string | null;
}

/** A message from the customer. */
export interface SendMessage {
  message_id: string;
  text: string;
}

/** The message is in the transcript, under `seq`, and will not be lost. */
export interface MessageReceipt {
  message_id: string;
  seq: number;
}

/** Opens one socket, once, before it expires. */
export interface SocketTicket {
  socket_ticket: string;
  expires_at: Timestamp;
}

/**
 * The events after the number asked for, oldest first.
 *
 * `position` is the number to ask after next time: everything up to it has been given.
 * Where `more` is true and `position` is higher than what was asked for, ask again at once.
 */
export interface CustomerTranscript {
  conversation: CustomerConversation;
  events: Event[];
  position: number;
  more: boolean;
}

/**
 * As `CustomerTranscript`, for an agent of the conversation.
 *
 * In the answer to `before`, `more` tells that there are older events: ask next time with the
 * number of the first of these. Nothing is missing from there up to `position`.
 */
export interface AgentTranscript {
  conversation: AgentConversation;
  events: Event[];
  position: number;
  more: boolean;
}

/**
 * All that an agent's screen needs to begin with.
 *
 * `next_page` is null in most cases. Where the conversations are too large for one reply, ask
 * again with it as `page`: the other offers and conversations are in the replies to come, and
 * everything else is as in the last of them.
 *
 * `at` is the time of the server when it answered: compare the times in here with it.
 */
export interface Desk {
  at: Timestamp;
  agent: Agent;
  offers: Offer[];
  conversations: AgentConversation[];
  not_ready_reasons: string[];
  next_page: string | null;
}

/**
 * How the agent's queues stand, for a screen with nothing else to show.
 *
 * `ready` counts the colleagues of all queues together, each once, at most 100. `served` lists
 * the half hours of the last 25 hours in which the agent closed conversations: add up those since
 * the midnight of the screen. `at` is the time of the server when it answered.
 */
export interface AgentQueues {
  at: Timestamp;
  queues: AgentQueue[];
  ready: number;
  served: Served[];
}

/**
 * What went wrong.
 *
 * `field` names the field of the request that is wrong, else null. `retry_after` is how many
 * seconds to wait before the same is tried again; null where nothing is said about it.
 */
export interface ErrorDetail {
  code: string;
  message: string;
  field: string | null;
  retry_after: number | null;
}

/** The body of every refused request. */
export interface ErrorReply {
  error: ErrorDetail;
}

/**
 * "Here I am; where are we?" The first command on every socket, and its heartbeat.
 *
 * Nothing that happens before it reaches the server is pushed to the socket, and everything that
 * happens after is, even if that overtakes the answer. Send it again at least every five minutes.
 */
export interface Sync {
  type: "sync";
  ref: string;
}

/**
 * The agent declares to be ready, or not ready.
 *
 * `reason` is required for `not_ready`, one of the desk's `not_ready_reasons`, and null for
 * `ready`.
 */
export interface SetAvailability {
  type: "availability.set";
  ref: string;
  availability: Availability;
  reason?: string | null;
}

/**
 * The agent signs out. Send it before the tokens are forgotten.
 *
 * The agent is not ready from now on. What is offered to them is taken back, and their active
 * conversations go back to their queues, ahead of those who wait. Wrap-ups stay with them. It is
 * about the agent, not the window: their other windows are told, and it may be repeated. Where no
 * `ok` comes, close the socket all the same: the server finishes what it began.
 */
export interface LeaveDesk {
  type: "agent.leave";
  ref: string;
}

/** The agent takes the conversation. */
export interface AcceptOffer {
  type: "offer.accept";
  ref: string;
  conversation_id: string;
  offer_id: string;
}

/** The agent passes the conversation on. */
export interface DeclineOffer {
  type: "offer.decline";
  ref: string;
  conversation_id: string;
  offer_id: string;
}

/** A message from an agent of the conversation. Answered by `ok` with its `seq`. */
export interface PostMessage {
  type: "message.send";
  ref: string;
  conversation_id: string;
  message_id: string;
  text: string;
}

/** The agent closes the conversation with a disposition of its queue. */
export interface CloseConversation {
  type: "conversation.close";
  ref: string;
  conversation_id: string;
  disposition?: string | null;
  note?: string | null;
}

/**
 * The agent has read the conversation up to the event `seq`.
 *
 * It only goes forward: less than before changes nothing and is answered by `ok`. Send it while
 * the conversation is on the screen and somebody looks, when there is something new to read, and
 * at most once in three seconds for a conversation. It need not be repeated.
 */
export interface ReadConversation {
  type: "conversation.read";
  ref: string;
  conversation_id: string;
  seq: number;
}

/**
 * The answer to `sync`.
 *
 * `positions` gives, for each conversation of this client, the number of the newest event it may
 * see: whoever holds less asks for the rest over REST. For agents `agent` is their state;
 * for customers it is null.
 */
export interface Synced {
  type: "synced";
  ref: string;
  version: number;
  positions: Record<string, number>;
  agent: Agent | null;
}

/** The command was carried out. `seq` numbers the message that it sent, else null. */
export interface Ok {
  type: "ok";
  ref: string;
  seq: number | null;
}

/** The command was refused and changed nothing. `ref` is null when it could not be read. */
export interface Refused {
  type: "error";
  error: ErrorDetail;
  ref: string | null;
}

/**
 * Something happened in a conversation.
 *
 * `after` is the number of the event before this one among those that the receiver may see.
 * A client that holds less than `after` has missed something: it shows this event and asks
 * for the rest over REST.
 */
export interface EventHappened {
  type: "event";
  conversation_id: string;
  after: number;
  event: Event;
}

/**
 * What a customer who waits may know of it. Customers only.
 *
 * `ahead`, `agents` and `wait_seconds` are as in a `CustomerConversation`.
 */
export interface QueuePosition {
  type: "queue.position";
  conversation_id: string;
  ahead: number;
  agents: number | null;
  wait_seconds: number | null;
}

/** The customer came to the page, or left it; they may come back. Agents only. */
export interface CustomerPresence {
  type: "customer.presence";
  conversation_id: string;
  present: boolean;
}

/**
 * The conversation was read up to the event `seq`, by `agent`: this one, in another window.
 *
 * It only goes forward: ignore what is less than you know. Agents only.
 */
export interface ReadChanged {
  type: "read.changed";
  conversation_id: string;
  by: Role;
  seq: number;
}

/** A conversation is offered to this agent. */
export interface OfferPresented {
  type: "offer.presented";
  offer: Offer;
}

/** An offer to this agent is no longer pending. */
export interface OfferResolved {
  type: "offer.resolved";
  offer_id: string;
  conversation_id: string;
  outcome: OfferOutcome;
}

/** This agent now holds the conversation; its events are fetched over REST. */
export interface ConversationOpened {
  type: "conversation.opened";
  conversation: AgentConversation;
}

/** This agent no longer holds the conversation. */
export interface ConversationReleased {
  type: "conversation.released";
  conversation_id: string;
}

/** The agent's own state changed, here or in another window. */
export interface AgentChanged {
  type: "agent.changed";
  agent: Agent;
}
