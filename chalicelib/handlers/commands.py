"""What each command of an agent does: a table from its type to a use case."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chalicelib.domain.access import Connection
from chalicelib.ports import Ports
from chalicelib.protocol import commands
from chalicelib.protocol.commands import AgentCommand
from chalicelib.usecases.conversations import finish, reading
from chalicelib.usecases.messages import send_message
from chalicelib.usecases.presence import leaving, presence
from chalicelib.usecases.routing import offers

Sent = TypeVar("Sent", bound=AgentCommand)
CarryOut = Callable[[Ports, Connection, Sent], int | None]
"""Carries a command out for the agent at the connection: the number of the message it sent."""


def _set_availability(
    ports: Ports, connection: Connection, command: commands.SetAvailability
) -> None:
    agent_id = connection.bearer.id
    presence.set_availability(ports, agent_id, command.availability, command.reason)


def _leave(ports: Ports, connection: Connection, _command: commands.LeaveDesk) -> None:
    leaving.leave(ports, connection.bearer.id)


def _accept(ports: Ports, connection: Connection, command: commands.AcceptOffer) -> None:
    offers.accept(ports, connection.bearer.id, command.conversation_id, command.offer_id)


def _decline(ports: Ports, connection: Connection, command: commands.DeclineOffer) -> None:
    offers.decline(ports, connection.bearer.id, command.conversation_id, command.offer_id)


def _send(ports: Ports, connection: Connection, command: commands.PostMessage) -> int:
    return send_message.send_as_agent(
        ports, command.conversation_id, connection.bearer.id, command.message_id, command.text
    )


def _close(ports: Ports, connection: Connection, command: commands.CloseConversation) -> None:
    finish.close_as_agent(
        ports, command.conversation_id, connection.bearer.id, command.disposition, command.note
    )


def _read(ports: Ports, connection: Connection, command: commands.ReadConversation) -> None:
    reading.mark_read(ports, connection, command.conversation_id, command.seq)


def _row(kind: type[Sent], carry_out: CarryOut[Sent]) -> tuple[type[AgentCommand], CarryOut[Any]]:
    """A row of the table; the type checker compares the two."""
    return kind, carry_out


AGENT_COMMANDS: Mapping[type[AgentCommand], CarryOut[Any]] = dict(
    (
        _row(commands.SetAvailability, _set_availability),
        _row(commands.LeaveDesk, _leave),
        _row(commands.AcceptOffer, _accept),
        _row(commands.DeclineOffer, _decline),
        _row(commands.PostMessage, _send),
        _row(commands.CloseConversation, _close),
        _row(commands.ReadConversation, _read),
    )
)
