"""What happens at a desk, from the request that comes in to the frame that its target sees.

Each flow begins from a desk full of others; the agent whom it is about is hired last and is next.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.usecases.conversations.start_conversation import Opening, start_conversation
from proof.benchmarks.calls import Call
from proof.benchmarks.desk import OWN, RUSH, TEXT, BenchDesk, answers
from proof.people import Customer, DeskAgent

PHONE = "+15550101234"
MESSAGE_ID = "0123456789abcdef0123456789abcdef"
SID = "SM0123456789abcdef0123456789abcdef"
OFFER_LASTS = 21


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a flow may cost: calls until its target sees it and in all, and units.

    ``is_plain``: no transaction, no scan.
    """

    until_seen: int | None = None
    calls: int | None = None
    reads: float | None = None
    writes: float | None = None
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What is measured: ``run`` it, and its target sees it at the first call that ``is_seen``."""

    run: Callable[[], object]
    is_seen: Callable[[Call], bool] = lambda _call: False


@dataclass(frozen=True, slots=True)
class Flow:
    """``prepare`` brings the desk to where the act begins."""

    name: str
    prepare: Callable[[BenchDesk], Act]
    budget: Budget = Budget()


def started(desk: BenchDesk) -> Customer:
    """A customer who has just started a conversation on the web, with a window open."""
    return Customer(desk, answers(), None, secrets.token_urlsafe(24))


def _talk(desk: BenchDesk) -> tuple[Customer, DeskAgent]:
    """A customer on the web and the agent who holds their conversation, one window each."""
    agent = desk.hire()
    customer = started(desk)
    agent.accept()
    return customer, agent


def talk_by_text(desk: BenchDesk) -> tuple[str, DeskAgent]:
    """A conversation with a phone that an agent holds."""
    agent = desk.hire()
    text(desk, "SM" + 32 * "0")
    (conversation_id,) = agent.offered
    agent.accept()
    return conversation_id, agent


def text(desk: BenchDesk, sid: str = SID) -> None:
    """A customer's text."""
    status, reply = desk.text(PHONE, TEXT, sid)
    assert status == 200, reply


def _event_on(agent: DeskAgent) -> Callable[[Call], bool]:
    return lambda call: call.shows("event", agent.socket.id)


def _offer_shown(call: Call) -> bool:
    return call.shows("offer.presented")


def web_message(desk: BenchDesk) -> Act:
    """A customer on the web writes."""
    customer, agent = _talk(desk)
    return Act(lambda: customer.say(TEXT), _event_on(agent))


def text_message(desk: BenchDesk) -> Act:
    """A customer texts; this worker has had a text from them before."""
    _, agent = talk_by_text(desk)
    text(desk, "SM" + 32 * "1")
    return Act(lambda: text(desk), _event_on(agent))


def text_message_on_fresh_worker(desk: BenchDesk) -> Act:
    """A customer texts; this worker has just started."""
    _, agent = talk_by_text(desk)
    desk.start_worker()
    return Act(lambda: text(desk), _event_on(agent))


def agent_message(desk: BenchDesk) -> Act:
    """An agent writes to a customer on the web."""
    customer, agent = _talk(desk)
    return Act(
        lambda: agent.say(customer.id, TEXT),
        lambda call: call.shows("event", customer.socket.id),
    )


def agent_text(desk: BenchDesk) -> Act:
    """An agent writes to a phone: as far as the outbound queue."""
    conversation_id, agent = talk_by_text(desk)
    return Act(
        lambda: agent.say(conversation_id, TEXT), lambda call: call.operation == "SendMessage"
    )


def agent_text_leaves(desk: BenchDesk) -> Act:
    """From the outbound queue to Twilio, and its answer recorded."""
    conversation_id, agent = talk_by_text(desk)
    agent.say(conversation_id, TEXT)
    return Act(desk.send_texts, lambda call: call.service == "twilio")


def web_repeat(desk: BenchDesk) -> Act:
    """A customer's message again."""
    customer, _ = _talk(desk)
    customer.say(TEXT, MESSAGE_ID)
    return Act(lambda: customer.say(TEXT, MESSAGE_ID))


def text_repeat(desk: BenchDesk) -> Act:
    """A webhook again, at the worker that had it."""
    talk_by_text(desk)
    text(desk)
    return Act(lambda: text(desk))


def text_repeat_on_fresh_worker(desk: BenchDesk) -> Act:
    """A webhook again, at a worker that has just started."""
    act = text_repeat(desk)
    desk.start_worker()
    return act


def agent_repeat(desk: BenchDesk) -> Act:
    """An agent's message again."""
    customer, agent = _talk(desk)
    agent.say(customer.id, TEXT, MESSAGE_ID)
    return Act(lambda: agent.say(customer.id, TEXT, MESSAGE_ID))


def new_web_start(desk: BenchDesk) -> Act:
    """Somebody new opens a conversation on the web."""
    desk.hire()
    return Act(lambda: _start(desk), _offer_shown)


def new_web_start_on_fresh_worker(desk: BenchDesk) -> Act:
    """The same, at a worker that has just started."""
    desk.hire()
    desk.start_worker()
    return Act(lambda: _start(desk), _offer_shown)


def web_return(desk: BenchDesk) -> Act:
    """Somebody who wrote before opens another conversation."""
    token = _ended_talk(desk)
    return Act(lambda: _start(desk, token=token), _offer_shown)


def web_return_on_fresh_worker(desk: BenchDesk) -> Act:
    """The same, at a worker that has just started."""
    token = _ended_talk(desk)
    desk.start_worker()
    return Act(lambda: _start(desk, token=token), _offer_shown)


def new_text_start(desk: BenchDesk) -> Act:
    """A phone that never wrote."""
    desk.hire()
    return Act(lambda: text(desk), _offer_shown)


def new_text_start_on_fresh_worker(desk: BenchDesk) -> Act:
    """The same, at a worker that has just started."""
    desk.hire()
    desk.start_worker()
    return Act(lambda: text(desk), _offer_shown)


def text_return(desk: BenchDesk) -> Act:
    """A phone whose last conversation was closed."""
    conversation_id, agent = talk_by_text(desk)
    agent.close(conversation_id)
    return Act(lambda: text(desk), _offer_shown)


def rush_start(desk: BenchDesk) -> Act:
    """Somebody new where everybody is busy and many wait: nothing is offered."""
    return Act(lambda: _start(desk, RUSH))


def backlog_start(desk: BenchDesk) -> Act:
    """Somebody new where many wait and a crash left one agent free: the oldest is offered."""
    desk.seat_free_agent(RUSH)
    return Act(lambda: _start(desk, RUSH), _offer_shown)


def accept(desk: BenchDesk) -> Act:
    """An agent accepts."""
    agent = desk.hire()
    started(desk)
    return Act(agent.accept, lambda call: call.shows("conversation.opened", agent.socket.id))


def decline(desk: BenchDesk) -> Act:
    """An agent declines: the next agent sees the offer."""
    agent = desk.hire()
    started(desk)
    return Act(agent.decline, _offer_shown)


def expiry(desk: BenchDesk) -> Act:
    """An offer is missed: the next agent sees it."""
    desk.hire()
    started(desk)
    return Act(lambda: desk.pass_time(OFFER_LASTS), _offer_shown)


def close(desk: BenchDesk) -> Act:
    """An agent closes one conversation and is offered the next."""
    agent = desk.hire(RUSH)
    agent.accept()
    (conversation_id,) = agent.state.work
    return Act(lambda: agent.close(conversation_id), _offer_shown)


def reconnection(desk: BenchDesk) -> Act:
    """An agent with ten conversations opens a window again."""
    agent = desk.hire(OWN, capacity=10)
    for _ in range(10):
        opening = Opening(
            secrets.token_urlsafe(24), OWN, "web", answers(), None, secrets.token_hex()
        )
        start_conversation(desk.ports, opening, None)
        agent.accept()
    agent.socket.close()
    return Act(agent.open_window, lambda call: call.shows("synced"))


def quiet_minute(desk: BenchDesk) -> Act:
    """The sweep, where nothing is broken."""
    return Act(desk.sweep)


def _start(desk: BenchDesk, queue_id: str = "demo", token: str | None = None) -> None:
    status, reply = desk.start(
        answers(), start_id=secrets.token_urlsafe(24), token=token, queue_id=queue_id
    )
    assert status == 201, reply


def _ended_talk(desk: BenchDesk) -> str:
    """The token of a customer whose conversation was closed; the agent is free again."""
    customer, agent = _talk(desk)
    customer.socket.close()
    agent.close(customer.id)
    return str(customer.token)


MESSAGE = Budget(until_seen=3, reads=1, writes=3, is_plain=True)
LOOKED_UP = Budget(until_seen=4, reads=2, writes=3, is_plain=True)
"""A message with one read in front: whose socket, or whose phone."""
OFFER = Budget(until_seen=6)
REPEAT = Budget(calls=2, is_plain=True)
LOOKED_UP_REPEAT = Budget(calls=3, is_plain=True)
ANSWERED_REPEAT = Budget(calls=4, is_plain=True)
"""Over a socket: whose it is comes in front, and the answer is a push to the sender."""

FLOWS = (
    Flow("web message → agent's socket", web_message, MESSAGE),
    Flow("SMS → agent's socket", text_message, LOOKED_UP),
    Flow("SMS → agent's socket, fresh worker", text_message_on_fresh_worker, LOOKED_UP),
    Flow("agent's message → widget", agent_message, LOOKED_UP),
    Flow("agent's message to a phone → outbound queue", agent_text, LOOKED_UP),
    Flow("outbound queue → Twilio", agent_text_leaves),
    Flow("duplicate web message", web_repeat, REPEAT),
    Flow("duplicate SMS webhook", text_repeat, REPEAT),
    Flow("duplicate SMS webhook, fresh worker", text_repeat_on_fresh_worker, LOOKED_UP_REPEAT),
    Flow("duplicate agent's message", agent_repeat, ANSWERED_REPEAT),
    Flow("start → offer: web, new", new_web_start, OFFER),
    Flow("start → offer: web, new, fresh worker", new_web_start_on_fresh_worker, OFFER),
    Flow("start → offer: web, returning", web_return, OFFER),
    Flow("start → offer: web, returning, fresh worker", web_return_on_fresh_worker, OFFER),
    Flow("start → offer: SMS, new", new_text_start, OFFER),
    Flow("start → offer: SMS, new, fresh worker", new_text_start_on_fresh_worker, OFFER),
    Flow("start → offer: SMS, returning", text_return, OFFER),
    Flow("start where nobody is free and many wait", rush_start),
    Flow("start → offer of the oldest of a backlog", backlog_start),
    Flow("accept → conversation on the screen", accept),
    Flow("decline → offer on the next agent's screen", decline),
    Flow("offer expires → the next agent's screen", expiry),
    Flow("close → next offer, many wait", close),
    Flow("agent with 10 conversations reconnects", reconnection),
    Flow("sweep, nothing broken", quiet_minute),
)
