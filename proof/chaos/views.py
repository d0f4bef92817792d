"""What people hold in their hands at the end: clients their transcripts, phones their texts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from clients.python import AgentClient, CustomerClient, Json, Refused, Transcript
from proof.chaos.checks import Violation
from proof.chaos.ledger import Kill
from proof.chaos.stored import StoredConversation, StoredMessage
from proof.stack import Phone

KILLED_AROUND = 5.0
"""Seconds before and after the first of two arrivals within which its worker must have died."""


def check_customer(client: CustomerClient) -> Iterator[Violation]:
    """I10: what the customer's client holds equals a fresh read."""
    held = client.wait_for(lambda one: one.transcript.copy())
    conversation_id = client.conversation_id
    path = f"/widget/conversations/{conversation_id}/messages"
    yield from _compare("the customer", client, conversation_id, path, held)


def check_agent(client: AgentClient) -> Iterator[Violation]:
    """The same for each conversation on an agent's desk."""
    for conversation_id in list(client.conversations):
        held = _held(client, conversation_id)
        path = f"/agent/conversations/{conversation_id}/events"
        yield from _compare(client.agent["name"], client, conversation_id, path, held)


def _held(client: AgentClient, conversation_id: str) -> Transcript:
    return client.wait_for(lambda one: one.transcript(conversation_id).copy())


def _read_all(client: AgentClient | CustomerClient, path: str) -> Transcript:
    fresh = Transcript()
    while fresh.take(client.request("GET", f"{path}?after={fresh.position}")):
        pass
    return fresh


def _compare(
    who: str,
    client: AgentClient | CustomerClient,
    conversation_id: str,
    path: str,
    held: Transcript,
) -> Iterator[Violation]:
    try:
        fresh = _read_all(client, path)
    except (ConnectionError, Refused) as error:
        yield Violation(f"{who} shows it and cannot read it: {error}", conversation_id)
        return
    if held.position != fresh.position:
        what = f"{who} is at {held.position}, a fresh read at {fresh.position}"
        yield Violation(what, conversation_id)
    if list(map(_lasting, held.events)) != list(map(_lasting, fresh.events)):
        ours, theirs = ([event["seq"] for event in side.events] for side in (held, fresh))
        yield Violation(f"{who} holds {ours}, a fresh read gives {theirs}", conversation_id)


def _lasting(event: Json) -> Json:
    """The event without what the protocol lets change in it."""
    return {name: value for name, value in event.items() if name != "delivery"}


@dataclass
class Texts:
    """What came of the agents' messages to phones."""

    arrived: int = 0
    twice: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)


def check_texts(
    phones: list[Phone], conversations: list[StoredConversation], kills: list[Kill]
) -> Texts:
    """I8: each text arrived, in order, and once unless the worker that sent it was killed."""
    result = Texts()
    deaths = [kill.at for kill in kills if kill.function == "text_outbound"]
    arrivals = {phone.number: _arrivals(phone) for phone in phones}
    for conversation in conversations:
        if conversation.phone is not None:
            of_phone = arrivals.get(conversation.phone, {})
            _check_conversation(result, conversation, of_phone, deaths)
    return result


def _arrivals(phone: Phone) -> dict[str, list[float]]:
    """When each text arrived, in seconds since 1970."""
    times: dict[str, list[float]] = {}
    for text in phone.received:
        at = datetime.fromisoformat(text["created_at"]).timestamp()
        times.setdefault(text["body"], []).append(at)
    return times


def _check_conversation(
    result: Texts,
    conversation: StoredConversation,
    arrivals: dict[str, list[float]],
    deaths: list[float],
) -> None:
    sent = [message for message in conversation.messages if message.delivery is not None]
    for message in sent:
        times = arrivals.get(message.text, [])
        result.arrived += bool(times)
        result.violations += _check_text(conversation.id, message, times, deaths)
        if len(times) > 1:
            result.twice.append(message.text)
    order = [arrivals[message.text][0] for message in sent if message.text in arrivals]
    if order != sorted(order):
        texts = [message.text for message in sent]
        result.violations.append(
            Violation(f"texts arrived in another order than {texts}", conversation.id, True)
        )


def _check_text(
    conversation_id: str, message: StoredMessage, times: list[float], deaths: list[float]
) -> Iterator[Violation]:
    what = f"the text {message.text!r} ({message.delivery})"
    if not times:
        yield Violation(f"{what} did not arrive", conversation_id)
    elif message.delivery in ("pending", "failed"):
        yield Violation(f"{what} arrived and is not recorded as sent", conversation_id)
    for at in times[:-1]:
        if not any(abs(death - at) <= KILLED_AROUND for death in deaths):
            yield Violation(
                f"{what} arrived {len(times)} times and nobody was killed", conversation_id, True
            )
