"""Which agent a conversation is offered to, and in which order conversations wait."""

from datetime import datetime

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.queue import Queue

MOST_REFUSED = 999_999
"""So many refusals have a place of their own."""


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
