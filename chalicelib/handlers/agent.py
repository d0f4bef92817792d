"""What agents ask for over REST."""

from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.config import Settings
from chalicelib.domain.errors import Invalid
from chalicelib.domain.staff import MOST_COUNTED
from chalicelib.handlers.http import agent_id, answering, checked_id, query_of, reply
from chalicelib.handlers.parsing import parse_number, parse_page
from chalicelib.ports import Ports
from chalicelib.protocol import rest
from chalicelib.protocol.events import event_of
from chalicelib.protocol.views.conversations import AgentConversation, Offer
from chalicelib.protocol.views.people import Agent, Served
from chalicelib.protocol.views.queues import AgentQueue
from chalicelib.usecases.conversations import read_conversation
from chalicelib.usecases.conversations.read_conversation import AgentSide, Page
from chalicelib.usecases.desk.read_desk import read_desk
from chalicelib.usecases.desk.read_queues import read_queues
from chalicelib.usecases.presence import presence


@answering
def ticket(request: Request, ports: Ports, settings: Settings) -> Response:
    """A ticket for a socket."""
    secret, ticket = presence.ticket_for_agent(ports, agent_id(request, settings))
    return reply(rest.SocketTicket(secret, ticket.expires_at), HTTPStatus.CREATED)


@answering
def desk(request: Request, ports: Ports, settings: Settings) -> Response:
    """All that the agent's screen needs to begin with."""
    agent = agent_id(request, settings)
    state = read_desk(ports, agent, parse_page(query_of(request).get("page"), "page"))
    body = rest.Desk(
        ports.clock.now(),
        Agent.of(state.agent),
        [Offer.of(side.conversation, side.details, side.queue) for side in state.offered],
        [_side(side) for side in state.held],
        list(state.not_ready_reasons),
        state.next_page,
    )
    return reply(body)


@answering
def queues(request: Request, ports: Ports, settings: Settings) -> Response:
    """How the agent's queues stand."""
    state = read_queues(ports, agent_id(request, settings))
    body = rest.AgentQueues(
        ports.clock.now(),
        [AgentQueue.of(one.queue, one.waiting, one.ready) for one in state.queues],
        min(len(state.ready), MOST_COUNTED),
        Served.each(state.agent.served),
    )
    return reply(body)


@answering
def events(request: Request, ports: Ports, settings: Settings, conversation_id: str) -> Response:
    """What happened in a conversation after a number, or before one."""
    agent = agent_id(request, settings)
    query = query_of(request)
    if "before" not in query:
        after = parse_number(query.get("after"), "after")
        read = read_conversation.read_as_agent(ports, checked_id(conversation_id), agent, after)
        return _transcript(*read)
    if "after" in query:
        raise Invalid("Give `after` or `before`, not both.", "before")
    before = parse_number(query["before"], "before")
    read = read_conversation.read_back_as_agent(ports, checked_id(conversation_id), agent, before)
    return _transcript(*read)


def _transcript(side: AgentSide, page: Page) -> Response:
    happened = [event_of(entry) for entry in page.entries]
    return reply(rest.AgentTranscript(_side(side), happened, page.position, page.more))


def _side(side: AgentSide) -> AgentConversation:
    return AgentConversation.of(side.conversation, side.details, side.queue)
