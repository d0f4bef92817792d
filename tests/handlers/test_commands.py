"""Every command has somebody who carries it out, and senders."""

from typing import get_args

import msgspec
import pytest

from chalicelib.handlers.commands import AGENT_COMMANDS
from chalicelib.protocol.commands import AgentCommand, AnyCommand, Sync
from proof.desk import Desk
from tools.protocol import examples

FOR_AGENTS = [command for command, _ in examples.COMMANDS if not isinstance(command, Sync)]


def test_every_command_is_carried_out() -> None:
    assert {Sync, *AGENT_COMMANDS} == set(get_args(AnyCommand))


def test_all_but_the_heartbeat_are_for_agents() -> None:
    """Whoever opens another command to customers decides that here, on purpose."""
    others = [kind for kind in get_args(AnyCommand) if not issubclass(kind, AgentCommand)]
    assert others == [Sync]


@pytest.mark.parametrize("command", FOR_AGENTS, ids=lambda command: type(command).__name__)
def test_a_customer_is_refused_what_is_for_agents(desk: Desk, command: AgentCommand) -> None:
    customer = desk.customer()
    before = desk.stored()
    answer = customer.socket.send_raw(msgspec.json.encode(command).decode(), command.ref)
    assert answer["error"]["code"] == "forbidden"
    assert desk.stored() == before
