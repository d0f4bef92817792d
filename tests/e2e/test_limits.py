"""D18 on the packaged application: the local stack refuses what AWS refuses because of its size."""

import json
from collections.abc import Callable

from clients.python import AgentClient, CustomerClient
from infra.local.limits import FRAME_BYTES, TOO_BIG

SignIn = Callable[[int], AgentClient]
Start = Callable[..., CustomerClient]

EMOJI = 4000 * "😀"


def test_the_longest_messages_are_read_by_both(sign_in: SignIn, customer: Start) -> None:
    agent = sign_in(0)
    agent.ready()
    ada = customer()
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    for _ in range(60):
        ada.send(EMOJI)
    agent.say(held, EMOJI)
    texts = [ada.texts[0], *61 * [EMOJI]]
    ada.wait_for(lambda client: client.texts == texts)
    agent.wait_for(lambda client: client.transcript(held).texts == texts)
    newcomer = sign_in(0)
    newcomer.resume(held)
    assert newcomer.transcript(held).texts == texts


def test_a_frame_that_is_too_large_closes_the_socket(sign_in: SignIn) -> None:
    agent = sign_in(0)
    largest = json.dumps({"type": "sync", "ref": "r"}).ljust(FRAME_BYTES)
    agent.socket.send_raw(largest)
    agent.wait_for(lambda client: [f for f in client.frames if f.get("ref") == "r"] or None)
    socket = agent.socket
    socket.send_raw(largest + " ")
    assert socket.closed.wait(10)
    assert socket.close_code == TOO_BIG
    agent.connect()
    assert agent.sync()["type"] == "synced"


def test_a_binary_frame_is_refused(sign_in: SignIn) -> None:
    agent = sign_in(0)
    agent.socket.send_raw(b'{"type":"sync","ref":"r"}')
    refused = agent.wait_for(lambda client: [f for f in client.frames if f["type"] == "error"])
    assert refused[0]["error"]["code"] == "malformed"
