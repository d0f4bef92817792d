"""Which agent a conversation is offered to, and in which order conversations wait."""

from datetime import datetime

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.queue import Queue


def rank(agent: Agent) -> str | None:
    """The sort key of a free agent: least load first, then longest idle. None when not free."""
    if not agent.is_free:
        return None
    return f"{agent.load:03d}#{_milliseconds(agent.idle_since):013d}"


def place(conversation: Conversation) -> str:
    """The sort key of a waiting conversation: highest priority first, then the oldest."""
    return (
        f"{9 - conversation.priority}#{_milliseconds(conversation.queued_at):013d}"
        f"#{conversation.id}"
    )


def refuses(agent: Agent, conversation: Conversation, queue: Queue, now: datetime) -> bool:
    """Whether the agent declined or missed the conversation too recently to be offered it again."""
    refused_at = conversation.refusals.get(agent.id)
    if refused_at is None:
        return False
    return now - refused_at < queue.refusal_holds and agent.since <= refused_at


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
