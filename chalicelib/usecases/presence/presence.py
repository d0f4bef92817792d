"""Sockets that come and go, and what agents declare."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.domain import access
from chalicelib.domain.access import Bearer, Connection, CustomerToken, Ticket
from chalicelib.domain.agent import Agent, Availability
from chalicelib.domain.conversation import AgentChange
from chalicelib.domain.errors import Forbidden, Invalid, NotFound
from chalicelib.domain.notices import AgentChanged, Notice, Parcel, QueuePosition, Synced
from chalicelib.ports import Ports
from chalicelib.usecases import connections, deliver
from chalicelib.usecases.conversations.read_conversation import customer_may_read, outlook_of
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing import matching


def ticket_for_customer(
    ports: Ports, conversation_id: str, token: CustomerToken
) -> tuple[str, Ticket]:
    """A ticket for the conversation's customer. Raises NotFound or Unauthenticated."""
    conversation = customer_may_read(ports, conversation_id, token)
    return _ticket(ports, Bearer("customer", conversation.customer.id, conversation_id))


def ticket_for_agent(ports: Ports, agent_id: str) -> tuple[str, Ticket]:
    """A ticket for the agent. Raises Forbidden when they have no desk."""
    return _ticket(ports, Bearer("agent", agent_with_desk(ports, agent_id).id))


def agent_with_desk(ports: Ports, agent_id: str) -> Agent:
    """Whoever may sign in is an agent only while they have a desk. Raises Forbidden."""
    try:
        agent = ports.agents.get(agent_id)
    except NotFound:
        raise Forbidden("You have no desk here.") from None
    if agent.is_removed:
        raise Forbidden("You have no desk here any more.")
    return agent


def connect(ports: Ports, ticket: str, connection_id: str, endpoint: str) -> None:
    """Let the socket in. Raises Unauthenticated when the ticket is not good."""
    bearer = ports.access.take_ticket(access.key_of(ticket))
    ports.access.put_connection(Connection(connection_id, endpoint, bearer, ports.clock.now()))


def disconnect(ports: Ports, connection_id: str) -> None:
    """Forget the socket: first where it is registered, so that what is cut off is found again."""
    connection = until_settled(ports.clock, lambda: ports.access.close_connection(connection_id))
    if connection is None:
        return
    bearer = connection.bearer
    if bearer.kind == "agent":
        agent = connections.forget_of_agent(ports, bearer.id, {connection_id})
        deliver.to_agent(ports, agent, AgentChanged(agent))
    elif bearer.conversation_id is not None:
        connections.detach_customer(ports, bearer.conversation_id, {connection_id})
    ports.access.forget_connection(connection_id)


def sync(ports: Ports, connection: Connection, ref: str) -> None:
    """Register the socket for all that happens from now on, and tell it where things stand."""
    now = ports.clock.now()
    if connection.is_due_to_be_seen(now):
        seen = replace(connection, seen_at=now)
        until_settled(ports.clock, lambda: ports.access.see_connection(seen))
    if connection.bearer.kind == "agent":
        _sync_agent(ports, connection, ref)
    else:
        _sync_customer(ports, connection, ref)


def set_availability(
    ports: Ports, agent_id: str, availability: Availability, reason: str | None
) -> None:
    """The agent declares to be ready, or not ready with one of the reasons of their queues.

    Raises Invalid, naming ``reason``.
    """

    def attempt() -> Agent:
        before = agent_with_desk(ports, agent_id)
        _check_reason(ports, before, availability, reason)
        after = before.declared(availability, reason, ports.clock.now())
        ports.agents.put(AgentChange(before, after))
        return after

    after = until_settled(ports.clock, attempt)
    deliver.to_agent(ports, after, AgentChanged(after))
    matching.find_work(ports, agent_id)


def not_ready_reasons(ports: Ports, agent: Agent) -> list[str]:
    """The reasons that the agent's queues know, each once, in their order."""
    reasons = [
        reason
        for queue_id in agent.queues
        for reason in ports.queues.get(queue_id).not_ready_reasons
    ]
    return list(dict.fromkeys(reasons))


def _ticket(ports: Ports, bearer: Bearer) -> tuple[str, Ticket]:
    secret = ports.ids.secret()
    expires_at = ports.clock.now() + access.TICKET_LASTS
    ticket = Ticket(access.key_of(secret), bearer, expires_at)
    ports.access.put_ticket(ticket)
    return secret, ticket


def _sync_customer(ports: Ports, connection: Connection, ref: str) -> None:
    conversation_id = connection.bearer.conversation_id or ""
    conversation = connections.attach_customer(
        ports, ports.conversations.get(conversation_id), connection
    )
    notices: list[Notice] = [Synced(ref, {conversation_id: conversation.public_seq})]
    outlook = outlook_of(ports, conversation)
    if outlook is not None:
        notices.append(QueuePosition(conversation_id, outlook))
    if not _reply(ports, connection, *notices):
        connections.detach_customer(ports, conversation_id, {connection.id})


def _sync_agent(ports: Ports, connection: Connection, ref: str) -> None:
    crowded_out: dict[str, str] = {}

    def attempt() -> tuple[Agent, bool]:
        before = agent_with_desk(ports, connection.bearer.id)
        if connection.id in before.sockets:
            return before, False
        if connection.has_joined:
            return before, False
        after = _arrived(ports, before).with_socket(connection.id, connection.endpoint)
        ports.agents.join(AgentChange(before, after), connection)
        crowded_out.update(
            {id: url for id, url in before.sockets.items() if id not in after.sockets}
        )
        return after, True

    agent, is_new = until_settled(ports.clock, attempt)
    if connection.has_joined and connection.id not in agent.sockets:
        # It made room for newer ones, and was not hung up on: a worker died in between.
        connections.crowd_out(ports, {connection.id: connection.endpoint})
        return
    positions = _positions(ports, agent, connection)
    is_there = _reply(ports, connection, Synced(ref, positions, agent))
    connections.crowd_out(ports, crowded_out)
    if not is_there:
        connections.forget_of_agent(ports, agent.id, {connection.id})
    elif is_new:
        deliver.to_agent(ports, agent, AgentChanged(agent))
        matching.find_work(ports, agent.id)


def _arrived(ports: Ports, agent: Agent) -> Agent:
    """The agent as they begin: signing in is not the same as declaring to be ready.

    Their queues are asked only where the answer depends on them.
    """
    now = ports.clock.now()
    if not agent.was_gone_while_ready(now) or _begins_as_they_left(ports, agent):
        return agent
    return agent.not_ready_from(now)


def _begins_as_they_left(ports: Ports, agent: Agent) -> bool:
    return all(ports.queues.get(queue_id).begins_ready for queue_id in agent.queues)


def _positions(ports: Ports, agent: Agent, connection: Connection) -> dict[str, int]:
    held = [id for id, work in agent.work.items() if work != "offered"]
    positions: dict[str, int] = {}
    for conversation in ports.conversations.get_many(held).values():
        with suppress(NotFound):
            positions[conversation.id] = connections.attach_agent(
                ports, conversation, connection, agent
            ).seq
    return positions


def _reply(ports: Ports, connection: Connection, *notices: Notice) -> bool:
    """Whether the socket is still there. It may have closed while it was registered."""
    return not ports.push.send(
        Parcel(connection.id, connection.endpoint, notice) for notice in notices
    )


def _check_reason(
    ports: Ports, agent: Agent, availability: Availability, reason: str | None
) -> None:
    if availability == "ready":
        if reason is not None:
            raise Invalid("Only not ready has a reason.", "reason")
        return
    if reason is None:
        raise Invalid("Give a reason.", "reason")
    if reason not in not_ready_reasons(ports, agent):
        raise Invalid("There is no such reason.", "reason")
