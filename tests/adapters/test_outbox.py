"""The queue of texts: in order per conversation, also when one is postponed."""

import json
from datetime import timedelta
from typing import Any

from tests.adapters.world import World


def seqs(messages: list[dict[str, Any]]) -> list[tuple[str, int]]:
    bodies = [json.loads(message["Body"]) for message in messages]
    return [(body["conversation_id"], body["message_seq"]) for body in bodies]


def test_a_postponed_text_holds_up_those_behind_it_and_comes_again_first(world: World) -> None:
    world.ports.outbox.enqueue("c1", 5)
    (first,) = world.received("outbound")
    world.ports.outbox.enqueue("c1", 6)
    world.ports.outbox.enqueue("c2", 7)
    world.ports.outbox.postpone(first["ReceiptHandle"], timedelta(minutes=1))
    assert seqs(world.received("outbound")) == [("c2", 7)]
    world.ports.outbox.postpone(first["ReceiptHandle"], timedelta(0))
    assert seqs(world.received("outbound"))[0] == ("c1", 5)


def test_a_pause_is_whole_seconds_and_never_shorter(world: World) -> None:
    world.ports.outbox.enqueue("c1", 5)
    (message,) = world.received("outbound")
    world.calls.clear()
    world.ports.outbox.postpone(message["ReceiptHandle"], timedelta(seconds=1.2))
    (call,) = world.calls
    assert call.request["VisibilityTimeout"] == 2
