"""Conversations that wait for customers who are gone."""

from chalicelib.domain import lifecycle
from chalicelib.domain.conversation import Change, Conversation
from chalicelib.ports import Ports
from chalicelib.usecases import deliver
from chalicelib.usecases.retrying import until_settled


def end_if_abandoned(ports: Ports, conversation: Conversation) -> bool:
    """Whether the conversation ended because its customer was gone for too long.

    A customer who comes back at this moment wins: a socket that joins lets the step fail.
    """
    queue = ports.queues.get(conversation.queue_id)
    looks = [conversation]

    def attempt() -> Change | None:
        latest = looks.pop() if looks else ports.conversations.get(conversation.id)
        change = lifecycle.abandon(latest, queue, ports.clock.now())
        if change is not None:
            ports.conversations.commit(change)
        return change

    change = until_settled(ports.clock, attempt)
    if change is None:
        return False
    deliver.change(ports, change)
    return True


def look(ports: Ports, conversation_id: str) -> None:
    """End the conversation if its customer was gone for too long, else look again later."""
    conversation = ports.conversations.get(conversation_id)
    if conversation.status != "queued" or end_if_abandoned(ports, conversation):
        return
    queue = ports.queues.get(conversation.queue_id)
    later = lifecycle.with_next_look(conversation, queue, ports.clock.now())
    ports.conversations.look_again(later)
