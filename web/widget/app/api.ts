import type {
  ConversationStart,
  CustomerConversation,
  CustomerTranscript,
  MessageReceipt,
  QueueForm,
  SendMessage,
  SocketTicket,
  StartConversation,
} from "../../shared/protocol.js";
import { RestClient } from "../../shared/rest.js";

/** The customer's REST operations. */
export class CustomerApi {
  readonly #rest: RestClient;

  constructor(baseUrl: string, token: () => string | null) {
    this.#rest = new RestClient({
      baseUrl,
      authorization: () => {
        const known = token();
        return known === null ? null : `Bearer ${known}`;
      },
    });
  }

  form(queueId: string): Promise<QueueForm> {
    return this.#rest.get(`/widget/queues/${encodeURIComponent(queueId)}`);
  }

  start(request: StartConversation): Promise<ConversationStart> {
    return this.#rest.post("/widget/conversations", request);
  }

  transcript(conversationId: string, after: number): Promise<CustomerTranscript> {
    return this.#rest.get(`${path(conversationId)}/messages`, { after });
  }

  send(conversationId: string, message: SendMessage): Promise<MessageReceipt> {
    return this.#rest.post(`${path(conversationId)}/messages`, message);
  }

  end(conversationId: string): Promise<CustomerConversation> {
    return this.#rest.post(`${path(conversationId)}/end`);
  }

  socketTicket(conversationId: string): Promise<SocketTicket> {
    return this.#rest.post(`${path(conversationId)}/socket-tickets`);
  }
}

function path(conversationId: string): string {
  return `/widget/conversations/${encodeURIComponent(conversationId)}`;
}
