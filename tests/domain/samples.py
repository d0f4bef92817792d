"""Agents, queues and conversations to try the rules on, and strategies that make up others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from chalicelib.domain import events, lifecycle
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import (
    Assignment,
    Change,
    Contact,
    Conversation,
    Details,
    LastMessage,
    Offer,
    Profile,
    Socket,
    Start,
    Website,
)
from chalicelib.domain.events import Entry, Participant
from chalicelib.domain.queue import Answer, FormField, Queue
from chalicelib.domain.record import Taken

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

QUEUE = Queue(
    id="care",
    name="Customer care",
    form=(
        FormField("name", "Name", "text", True),
        FormField("email", "E-mail", "email", False),
        FormField("topic", "Topic", "select", False, ("Order", "Return")),
        FormField("message", "Message", "textarea", True),
    ),
    dispositions=("Solved", "Passed on"),
    not_ready_reasons=("Break",),
)


def make_agent(id: str = "grace", **changes: Any) -> Agent:
    """An agent of the queue, not ready and without a socket unless told otherwise."""
    agent = Agent(
        id=id,
        name=id.title(),
        email=f"{id}@example.com",
        role="agent",
        capacity=2,
        queues=(QUEUE.id,),
        since=NOW,
        idle_since=NOW,
    )
    return replace(agent, **changes)


def free_agent(id: str = "grace", **changes: Any) -> Agent:
    """An agent who can be offered a conversation."""
    sockets = {f"socket-of-{id}": "https://sockets.example.test/api"}
    return make_agent(id, **{"availability": "ready", "sockets": sockets, **changes})


def make_details(customer_id: str = "ada", text: str = "Where is my bike?") -> Details:
    """What is known of a new conversation."""
    return Details(Profile(customer_id, "Ada"), (Answer("name", "Name", "Ada"),), text)


def make_start(
    id: str = "c1",
    *,
    channel: events.Channel = "web",
    details: Details | None = None,
    address: str | None = None,
    message_id: str = "m1",
    previous: str | None = None,
    taken: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> Start:
    """A conversation that has just begun."""
    details = details or make_details()
    return lifecycle.start(
        conversation_id=id,
        queue=QUEUE,
        channel=channel,
        address=address or f"web:{details.customer.id}:{QUEUE.id}",
        details=details,
        message_id=message_id,
        keys={"key-of-ada": NOW + timedelta(days=180)},
        contact=Contact(previous, taken=taken or {}),
        now=now,
    )


def make_waiting(id: str = "c1", **changes: Any) -> Conversation:
    """A conversation that waits in its queue."""
    return replace(make_start(id).conversation, **changes)


def offered(conversation: Conversation, agent: Agent, offer_id: str = "o1") -> Change:
    """The step in which the agent is offered the conversation."""
    return lifecycle.offer(conversation, agent, offer_id, QUEUE, NOW)


def active(conversation: Conversation, agent: Agent, offer_id: str = "o1") -> Change:
    """The step in which the agent accepts what they were offered."""
    return accepted(offered(conversation, agent, offer_id))


def accepted(made: Change) -> Change:
    """The step in which the offer that was just made is accepted."""
    assert made.after.offer is not None
    change = lifecycle.accept(made.after, agent_after(made), made.after.offer.id, NOW)
    assert change is not None
    return change


def agent_after(change: Change) -> Agent:
    """The agent of a step, after it."""
    assert change.agent is not None
    return change.agent.after


# Strategies

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ids = st.text("0123456789abcdef", min_size=1, max_size=24)
moments = st.integers(0, 4_102_444_800_000).map(
    lambda at: datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)
)
roles: st.SearchStrategy[events.Role] = st.sampled_from(["customer", "agent", "supervisor", "bot"])
channels: st.SearchStrategy[events.Channel] = st.sampled_from(
    ["web", "sms", "whatsapp", "messenger", "rcs", "app"]
)
deliveries: st.SearchStrategy[events.Delivery] = st.sampled_from(
    ["pending", "sent", "delivered", "read", "failed"]
)
participants = st.builds(Participant, roles, ids, words)
offers = st.builds(Offer, ids, participants, moments, moments)
assignments = st.builds(Assignment, ids, participants, moments)
last_messages = st.builds(LastMessage, roles, words, moments)
sockets = st.builds(Socket, ids, st.just("https://sockets.example.test/api"), moments)
long_words = st.builds(lambda text, times: text * times, words, st.sampled_from([1, 100]))


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Any conversation that can be stored; one that is offered is not in wrap-up."""
    offer = draw(st.none() | offers)
    wrap_up_until = None if offer else draw(st.none() | moments)
    return Conversation(
        id=draw(ids),
        queue_id=draw(ids),
        channel=draw(channels),
        status=draw(st.sampled_from(["queued", "offered", "active", "wrap_up", "closed"])),
        customer=Participant("customer", draw(ids), draw(words)),
        address=draw(words),
        started_at=draw(moments),
        queued_at=draw(moments),
        seq=draw(st.integers(1, 10**9)),
        public_seq=draw(st.integers(1, 10**9)),
        attached=draw(st.integers(0, 10**6)),
        settled=draw(st.integers(0, 10**6)),
        opted_out=draw(st.booleans()),
        priority=draw(st.integers(0, 9)),
        offer=offer,
        assignment=draw(st.none() | assignments),
        last_message=draw(st.none() | last_messages),
        wrap_up_until=wrap_up_until,
        refusals=draw(st.dictionaries(ids, moments, max_size=3)),
        keys=draw(st.dictionaries(ids, moments, max_size=3)),
        sockets=draw(st.dictionaries(ids, sockets, max_size=3)),
        recent=draw(st.dictionaries(ids, st.integers(1, 10**9), max_size=3)),
        refused=draw(st.integers(0, 10**6)),
        left_at=draw(st.none() | moments),
        agent_read=draw(st.integers(0, 10**6)),
        next_look=None if offer or wrap_up_until else draw(st.none() | moments),
    )


details = st.builds(
    Details,
    st.builds(Profile, ids, words, st.none() | words, st.none() | words, st.none() | words),
    st.lists(st.builds(Answer, words, words, long_words), max_size=3).map(tuple),
    long_words,
    st.none() | st.builds(Website, words, words),
)

_FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    str: long_words,
    int: st.integers(1, 999),
    Participant: participants,
}


def any_of(kind: type[events.Event]) -> st.SearchStrategy[events.Event]:
    """Events of the kind, with anything in all of their fields."""
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{name: _FIELDS.get(of, st.from_type(of)) for name, of in hints.items()}
    )


any_event: st.SearchStrategy[events.Event] = st.one_of(map(any_of, get_args(events.Event)))
entries = st.builds(Entry, st.integers(1, 10**9 - 1), moments, any_event)

agents = st.builds(
    Agent,
    id=ids,
    name=words,
    email=words,
    role=st.sampled_from(["agent", "supervisor"]),
    capacity=st.integers(0, 99),
    queues=st.lists(ids, max_size=3, unique=True).map(tuple),
    since=moments,
    idle_since=moments,
    availability=st.sampled_from(["ready", "not_ready"]),
    reason=st.none() | words,
    work=st.dictionaries(ids, st.sampled_from(["offered", "active", "wrap_up"]), max_size=3),
    sockets=st.dictionaries(ids, words, max_size=3),
    away_since=st.none() | moments,
    version=st.integers(0, 10**6),
    missed=st.integers(0, 99),
    taken=st.lists(st.builds(Taken, ids, st.integers(0, 10**10)), max_size=8).map(tuple),
    served=st.dictionaries(st.integers(0, 10**7), st.integers(1, 99), max_size=3),
)
