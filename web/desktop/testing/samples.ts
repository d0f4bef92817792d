import type {
  Agent,
  AgentConversation,
  AgentQueues,
  Desk,
  Event,
  EventHappened,
  MessageSent,
  Offer,
} from "../../shared/protocol.js";

/** Things of the protocol, for tests; say only what matters to the test. */

export const NOON = "2026-11-22T12:00:00Z";

const SARAH = { id: "customer-1", name: "Sarah", email: null, phone: null, account_id: null };

export function agent(given: Partial<Agent> = {}): Agent {
  return {
    agent_id: "agent-1",
    name: "Dana",
    email: "dana@example.com",
    role: "agent",
    availability: "ready",
    state: "ready",
    since: NOON,
    load: 0,
    capacity: 3,
    conversations: [],
    version: 1,
    reason: null,
    missed: 0,
    ...given,
  };
}

export function offer(id: string, given: Partial<Offer> = {}): Offer {
  return {
    offer_id: id,
    conversation_id: `c-${id}`,
    queue_id: "demo",
    queue_name: "Demo",
    channel: "web",
    customer: SARAH,
    answers: [],
    first_message: "Hello",
    started_at: NOON,
    offered_at: NOON,
    expires_at: "2026-11-22T12:00:30Z",
    seconds: 30,
    website: null,
    ...given,
  };
}

export function conversation(
  id: string,
  given: Partial<AgentConversation> = {},
): AgentConversation {
  return {
    conversation_id: id,
    queue_id: "demo",
    queue_name: "Demo",
    channel: "web",
    status: "active",
    customer: SARAH,
    answers: [],
    dispositions: ["Resolved"],
    started_at: NOON,
    position: 0,
    website: null,
    accepted_at: NOON,
    customer_present: true,
    last_message: null,
    opted_out: false,
    read: 0,
    ...given,
  };
}

export function desk(given: Partial<Desk> = {}): Desk {
  return {
    at: NOON,
    agent: agent(),
    offers: [],
    conversations: [],
    not_ready_reasons: ["Break"],
    next_page: null,
    ...given,
  };
}

export function queues(given: Partial<AgentQueues> = {}): AgentQueues {
  const demo = { queue_id: "demo", queue_name: "Demo", waiting: 0, ready: 0, waiting_since: null };
  return { at: NOON, queues: [demo], ready: 0, served: [], ...given };
}

export function fromCustomer(seq: number, given: Partial<MessageSent> = {}): MessageSent {
  return {
    type: "message.sent",
    seq,
    at: NOON,
    message_id: `message-${seq}`,
    sender: { role: "customer", id: "customer-1", name: "Sarah" },
    text: `message ${seq}`,
    delivery: null,
    ...given,
  };
}

export function fromAgent(seq: number, given: Partial<MessageSent> = {}): MessageSent {
  const sender = { role: "agent", id: "agent-1", name: "Dana" } as const;
  return fromCustomer(seq, { sender, ...given });
}

export function happened(conversationId: string, event: Event, after: number): EventHappened {
  return { type: "event", conversation_id: conversationId, after, event };
}
