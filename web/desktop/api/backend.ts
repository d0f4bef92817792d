import { ApiError } from "../../shared/errors.js";
import type { AgentQueues, AgentTranscript, Desk, SocketTicket } from "../../shared/protocol.js";
import { RestClient } from "../../shared/rest.js";
import { SignedOut, type Session } from "./session.js";

/** What the desk reads over REST. */
export interface Backend {
  desk(): Promise<Desk>;
  queues(): Promise<AgentQueues>;
  events(conversationId: string, after: number): Promise<AgentTranscript>;
  eventsBefore(conversationId: string, before: number): Promise<AgentTranscript>;
  socketTicket(): Promise<string>;
}

/** `onSignedOut` is called when neither the token nor a fresh one is accepted. */
export function createBackend(restUrl: string, session: Session, onSignedOut: () => void): Backend {
  const rest = new RestClient({ baseUrl: restUrl, authorization: () => session.idToken() });

  async function authenticated<T>(request: () => Promise<T>): Promise<T> {
    try {
      const token = await session.idToken();
      return await request().catch((error: unknown) => {
        if (!isUnauthenticated(error)) throw error;
        session.distrust(token);
        return request();
      });
    } catch (error) {
      if (error instanceof SignedOut || isUnauthenticated(error)) onSignedOut();
      throw error;
    }
  }

  /** The desk has several pages where its conversations are large. */
  async function desk(page?: string): Promise<Desk> {
    const first = await rest.get<Desk>("/agent/desk", page === undefined ? {} : { page });
    if (first.next_page == null) return first;
    const others = await desk(first.next_page);
    return {
      ...others,
      offers: [...first.offers, ...others.offers],
      conversations: [...first.conversations, ...others.conversations],
    };
  }

  return {
    desk: () => authenticated(() => desk()),

    queues: () => authenticated(() => rest.get("/agent/queues")),

    events: (id, after) => authenticated(() => rest.get(eventsOf(id), { after })),

    eventsBefore: (id, before) => authenticated(() => rest.get(eventsOf(id), { before })),

    async socketTicket() {
      const ticket = await authenticated(() => rest.post<SocketTicket>("/agent/socket-tickets"));
      return ticket.socket_ticket;
    },
  };
}

function eventsOf(conversationId: string): string {
  return `/agent/conversations/${encodeURIComponent(conversationId)}/events`;
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
