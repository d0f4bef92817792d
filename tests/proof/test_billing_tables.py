"""The tables that bill behave like moto's."""

import json
import secrets
from itertools import count
from typing import Any

import pytest
from moto import mock_aws

from proof import desk as desk_module
from proof.benchmarks.calls import Meter
from proof.benchmarks.desk import open_desk
from proof.benchmarks.tables import Tables
from proof.desk import Desk
from proof.fakes import Json


def a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """All that is in the tables after a little of everything, with secrets that are known."""
    numbers = iter(range(1000))
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: f"{next(numbers):0{size}}")
    grace = desk.ready_agent("Grace")
    desk.pass_time(1)
    alan = desk.ready_agent("Alan", capacity=1)
    ada = desk.customer()
    grace.decline()
    alan.accept()
    for number in range(40):
        ada.say(f"Hello {number}", f"{number:032x}")
    ada.say("Hello 39", f"{39:032x}")
    alan.say(ada.id, "Hello", 32 * "f")
    desk.text("+15550101234", "A text", "SM1")
    desk.text("+15550101234", "A text", "SM1")
    desk.pass_time(30)
    grace.not_ready()
    alan.close(ada.id)
    ada.socket.close()
    desk.customer(token=ada.token)
    desk.sweep()
    ada.transcript()
    return [
        sorted(set(map(_as_text, desk_module.shared_client().scan(TableName=name)["Items"])))
        for name in ("conversations", "agents")
    ]


def _as_text(item: Json) -> str:
    """Queues aside, of which the measured desk has more."""
    return "" if item["pk"] == {"S": "QUEUES"} else json.dumps(item, sort_keys=True)


def test_a_day_leaves_what_it_leaves_on_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    meter = Meter()
    with open_desk(meter, Tables(meter)) as desk:
        desk._connections = count(1)
        ours = a_day(desk, monkeypatch)
    with mock_aws():
        theirs = a_day(Desk(monkeypatch), monkeypatch)
    assert ours == theirs
