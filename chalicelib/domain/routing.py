"""Which agent a conversation is offered to, and in which order conversations wait."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.queue import Queue

MOST_REFUSED = 999_999
"""So many refusals have a place of their own."""

Free = TypeVar("Free")
Waiting = TypeVar("Waiting")


def pairs(
    free: Iterable[Free], waiting: Iterable[Waiting], refuses: Callable[[Free, Waiting], bool]
) -> Iterator[tuple[Free, Waiting]]:
    """The n-th free agent with the n-th of those who wait, skipping refusals.

    Both come in the order of their turn, and are read only as far as pairs are asked for. Those
    who are left over have no partner at the moment.
    """
    coming, left = iter(free), list[Free]()
    for one in waiting:
        agent = next((agent for agent in _in_turn(left, coming) if not refuses(agent, one)), None)
        if agent is not None:
            left.remove(agent)
            yield agent, one
        elif not left:
            return


def _in_turn(left: list[Free], coming: Iterator[Free]) -> Iterator[Free]:
    """Those who are left, then those who come: these are left as well, until they are taken."""
    yield from tuple(left)
    for agent in coming:
        left.append(agent)
        yield agent


def rank(agent: Agent) -> str | None:
    """The sort key of a free agent: least load first, then longest idle. None when not free."""
    if not agent.is_free:
        return None
    return f"{agent.load:03d}#{_milliseconds(agent.idle_since):013d}"


def place(conversation: Conversation) -> str:
    """The sort key of a waiting conversation.

    Highest priority first, then refused least often, then the oldest. Those never refused have no
    count, and letters follow digits: so places from before refusals were counted keep their order.
    """
    refused = f"R{min(conversation.refused, MOST_REFUSED):06d}#" if conversation.refused else ""
    return (
        f"{9 - conversation.priority}#{refused}{_milliseconds(conversation.queued_at):013d}"
        f"#{conversation.id}"
    )


def id_at(place: str) -> str:
    """The id of the conversation that waits at a place."""
    return place.rpartition("#")[2]


def was_refused(place: str) -> bool:
    """Whether an agent ever declined or missed the conversation that waits at a place."""
    return place.partition("#")[2].startswith("R")


def is_abandoned(conversation: Conversation, queue: Queue, now: datetime) -> bool:
    """Whether the customer of a waiting conversation has been gone for longer than allowed."""
    gone_since = conversation.gone_since
    if conversation.status != "queued" or gone_since is None:
        return False
    return now - gone_since > queue.abandoned_after


def refuses(agent: Agent, conversation: Conversation, queue: Queue, now: datetime) -> bool:
    """Whether the agent declined or missed the conversation too recently to be offered it again."""
    refused_at = conversation.refusals.get(agent.id)
    if refused_at is None:
        return False
    return now - refused_at < queue.refusal_holds and agent.since <= refused_at


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
