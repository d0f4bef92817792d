"""Where live sockets are remembered: in conversations, and with agents."""

from collections.abc import Mapping
from functools import partial

from chalicelib.domain.access import Connection
from chalicelib.domain.agent import GRACE, Agent
from chalicelib.domain.audience import recipients
from chalicelib.domain.conversation import AgentChange, Conversation
from chalicelib.domain.errors import TooMany
from chalicelib.domain.notices import CustomerPresence, Parcel, Refused
from chalicelib.ports import Ports, Timer
from chalicelib.usecases.retrying import until_settled

CROWDED_OUT_FOR = 60
"""Seconds for which a window stays away that had to make room. It then crowds out another."""


def forget_of_conversation(ports: Ports, conversation: Conversation, gone: set[str]) -> None:
    """Sockets of anybody in the conversation turned out to be gone."""
    of_customer = {id for id in gone if conversation.sockets[id].owner == conversation.customer.id}
    if of_customer:
        detach_customer(ports, conversation.id, of_customer)
    if conversation.assignment is not None and gone - of_customer:
        forget_of_agent(ports, conversation.assignment.agent.id, gone - of_customer)


def forget_of_agent(ports: Ports, agent_id: str, gone: set[str]) -> Agent:
    """The agent, who is no longer reached through these sockets, here or in conversations."""

    def attempt() -> Agent:
        before = ports.agents.get(agent_id)
        if gone.isdisjoint(before.sockets):
            return before
        after = before.without_sockets(gone, ports.clock.now())
        ports.agents.put(AgentChange(before, after))
        if not after.sockets:
            ports.timers.schedule(Timer("away", agent_id), GRACE)
        return after

    agent = until_settled(ports.clock, attempt)
    for conversation_id, work in agent.work.items():
        if work != "offered":
            detach(ports, conversation_id, gone)
    return agent


def end_sockets(ports: Ports, agent: Agent) -> None:
    """Nothing comes from the agent's windows any more, and nothing goes to them."""
    if not agent.sockets:
        return
    for connection_id, endpoint in agent.sockets.items():
        until_settled(ports.clock, partial(ports.access.close_connection, connection_id))
        ports.push.close(connection_id, endpoint)
    forget_of_agent(ports, agent.id, set(agent.sockets))


def crowd_out(ports: Ports, sockets: Mapping[str, str]) -> None:
    """Make room for newer windows: tell the clients to stay away for a while, and hang up."""
    refused = Refused(None, TooMany("Too many windows are open.", CROWDED_OUT_FOR))
    ports.push.send(Parcel(id, endpoint, refused) for id, endpoint in sockets.items())
    for id, endpoint in sockets.items():
        ports.push.close(id, endpoint)


def detach(ports: Ports, conversation_id: str, gone: set[str]) -> None:
    """These sockets are not told of the conversation any more."""
    until_settled(ports.clock, lambda: ports.conversations.detach(conversation_id, gone))


def detach_customer(ports: Ports, conversation_id: str, gone: set[str]) -> None:
    """These sockets of the customer are gone; the agent learns when none is left."""
    left_at = ports.clock.now()
    conversation = until_settled(
        ports.clock, lambda: ports.conversations.detach(conversation_id, gone, left_at)
    )
    if conversation is not None and not conversation.customer_is_present:
        _tell_agent(ports, conversation)


def attach_agent(
    ports: Ports, conversation: Conversation, connection: Connection, agent: Agent
) -> Conversation:
    """The conversation, of which this window of its agent is told from now on.

    Windows that the agent no longer has make room. Raises NotFound when it is not the agent's.
    """
    if connection.id in conversation.sockets:
        return conversation
    lost = _lost(ports, conversation, agent)
    return until_settled(
        ports.clock, lambda: ports.conversations.attach(conversation.id, connection, lost)
    )


def attach_customer(
    ports: Ports, conversation: Conversation, connection: Connection
) -> Conversation:
    """The conversation, of which this window of its customer is told from now on.

    The customer's oldest windows make room, also of those that came in the same moment. Raises
    NotFound when it is not theirs.
    """
    if connection.id in conversation.sockets:
        return conversation
    crowded_out = conversation.crowded_out(connection.bearer.id, 1)
    attached = until_settled(
        ports.clock,
        lambda: ports.conversations.attach(conversation.id, connection, crowded_out),
    )
    too_many = attached.crowded_out(connection.bearer.id, 0)
    if too_many:
        detach(ports, conversation.id, set(too_many))
    sockets = {**conversation.sockets, **attached.sockets}
    crowd_out(ports, {id: sockets[id].endpoint for id in [*crowded_out, *too_many]})
    if attached.customer_is_present and not conversation.customer_is_present:
        _tell_agent(ports, attached)
    return attached


def _lost(ports: Ports, conversation: Conversation, agent: Agent) -> list[str]:
    """The agent's sockets in the conversation by which they are no longer reached.

    A socket that joined since the agent was read is none of them: it joins the agent first, so an
    agent who is read after the conversation has it.
    """
    own = [id for id, socket in conversation.sockets.items() if socket.owner == agent.id]
    if agent.sockets.keys() >= set(own):
        return []
    latest = ports.agents.get(agent.id)
    return [id for id in own if id not in latest.sockets]


def _tell_agent(ports: Ports, conversation: Conversation) -> None:
    """Tell the agent whether the customer is there: a hint, so that nobody has to repeat it."""
    if conversation.is_text or not conversation.is_open:
        return
    notice = CustomerPresence(conversation.id, conversation.customer_is_present)
    ports.push.send(
        Parcel(target.connection_id, target.endpoint, notice)
        for target in recipients(conversation)
        if target.viewer == "agent"
    )
