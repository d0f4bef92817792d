"""Pushing conversations to agents.

Two-sided, so that no wake-up is lost: a conversation is written as waiting before free agents are
looked for, and an agent is written as free before waiting conversations are looked for. Both looks
are strongly consistent, so of two who come at the same time one sees the other.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeVar

from chalicelib.domain import lifecycle
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Change, Conversation, Details
from chalicelib.domain.errors import Conflict, NotFound, OfferGone
from chalicelib.domain.notices import (
    AgentChanged,
    ConversationOpened,
    OfferOutcome,
    OfferPresented,
    OfferResolved,
)
from chalicelib.domain.queue import Queue
from chalicelib.domain.routing import place, refuses
from chalicelib.ports import Ports, Timer
from chalicelib.usecases import abandoning, deliver
from chalicelib.usecases.retrying import until_settled

MOST_LOST_CLAIMS = 40
"""A lost claim is somebody else's progress, so one tries on; what is left waits for the sweep."""

A_CROWD = 3
"""One lost claim may be a customer who writes on; after so many, others are after the same."""

CROWD = 30
"""So many free agents are looked at when everybody looks at once."""

Found = TypeVar("Found")

Look = Literal["over", "claim lost", "older one offered"]
"""It is over when the conversation no longer waits, or nobody is free for it."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A conversation that waits in its queue."""

    conversation: Conversation
    details: Details


@dataclass(frozen=True, slots=True)
class _Held:
    """A pending offer as it was loaded to be answered."""

    conversation: Conversation
    details: Details
    agent: Agent


def find_agent(ports: Ports, conversation: Conversation, details: Details) -> None:
    """Offer the waiting conversation, and those whose turn comes before, to free agents.

    Where its customer has been gone for too long it ends instead.
    """
    lost_claims = 0
    while lost_claims < MOST_LOST_CLAIMS and conversation.status == "queued":
        if abandoning.end_if_abandoned(ports, conversation):
            return
        newest = _Waiting(conversation, details)
        look = _offer_in_crowd(ports, newest) if lost_claims >= A_CROWD else None
        look = look or _offer_in_order(ports, newest)
        if look == "over":
            return
        if look == "claim lost":
            ports.clock.pause(lost_claims)
            lost_claims += 1
            conversation = ports.conversations.get(conversation.id)


def find_work(ports: Ports, agent_id: str) -> None:
    """Offer waiting conversations to the agent until no slot is free or nothing waits."""
    lost_claims = 0
    while lost_claims < MOST_LOST_CLAIMS:
        agent = ports.agents.get(agent_id)
        if not agent.is_free:
            return
        waiting = _any_for(ports, agent) if lost_claims >= A_CROWD else None
        waiting = waiting or _oldest_for(ports, agent)
        if waiting is None:
            return
        if not _claim(ports, waiting, agent):
            ports.clock.pause(lost_claims)
            lost_claims += 1


def accept(ports: Ports, agent_id: str, conversation_id: str, offer_id: str) -> None:
    """The agent takes the conversation. Repeating it is harmless. Raises OfferGone."""

    def attempt() -> tuple[Change | None, _Held]:
        held = _load(ports, agent_id, conversation_id)
        change = lifecycle.accept(held.conversation, held.agent, offer_id, ports.clock.now())
        if change is not None:
            ports.conversations.commit(change)
        return change, held

    change, held = until_settled(ports.clock, attempt)
    conversation = change.after if change else held.conversation
    agent = change.agent.after if change and change.agent else held.agent
    queue = ports.queues.get(conversation.queue_id)
    if conversation.status != "closed":
        opened = ConversationOpened(conversation, held.details, queue)
        deliver.to_agent(ports, agent, opened)
    deliver.to_agent(ports, agent, OfferResolved(offer_id, conversation_id, "accepted"))
    if change is not None:
        deliver.change(ports, change)


def decline(ports: Ports, agent_id: str, conversation_id: str, offer_id: str) -> None:
    """The agent passes the conversation on. Raises OfferGone."""

    def attempt() -> tuple[Change, _Held]:
        held = _load(ports, agent_id, conversation_id)
        queue = ports.queues.get(held.conversation.queue_id)
        now = ports.clock.now()
        change = lifecycle.decline(held.conversation, held.agent, offer_id, queue, now)
        ports.conversations.commit(change)
        return change, held

    change, held = until_settled(ports.clock, attempt)
    _pass_on(ports, change, held, offer_id, "declined")


def expire(ports: Ports, conversation_id: str, offer_id: str | None = None) -> None:
    """Take the offer back if its time is over; does nothing when it was answered before.

    Without ``offer_id`` whichever offer is pending is meant.
    """

    def attempt() -> tuple[Change, _Held, str] | None:
        conversation, details = get_with_details(ports, conversation_id)
        pending = conversation.offer
        if pending is None or (offer_id is not None and pending.id != offer_id):
            return None
        agent = ports.agents.get(pending.agent.id)
        queue = ports.queues.get(conversation.queue_id)
        now = ports.clock.now()
        change = lifecycle.expire(conversation, agent, pending.id, queue, now)
        if change is None:
            timer = Timer("offer", conversation_id, pending.id)
            ports.timers.schedule(timer, pending.expires_at - now)
            return None
        ports.conversations.commit(change)
        return change, _Held(conversation, details, agent), pending.id

    settled = until_settled(ports.clock, attempt)
    if settled is not None:
        change, held, expired = settled
        _pass_on(ports, change, held, expired, "expired")


def get_with_details(ports: Ports, conversation_id: str) -> tuple[Conversation, Details]:
    """The conversation with its details. Raises NotFound."""
    found = ports.conversations.get_with_details([conversation_id]).get(conversation_id)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def _load(ports: Ports, agent_id: str, conversation_id: str) -> _Held:
    try:
        conversation, details = get_with_details(ports, conversation_id)
    except NotFound:
        raise OfferGone("This offer is no longer open.") from None
    return _Held(conversation, details, ports.agents.get(agent_id))


def _pass_on(
    ports: Ports, change: Change, held: _Held, offer_id: str, outcome: OfferOutcome
) -> None:
    deliver.to_agent(ports, held.agent, OfferResolved(offer_id, change.after.id, outcome))
    deliver.change(ports, change)
    find_agent(ports, change.after, held.details)
    find_work(ports, held.agent.id)


def _offer_in_order(ports: Ports, newest: _Waiting) -> Look:
    """Offer to the first agent what has waited longest."""
    queue_id = newest.conversation.queue_id
    for agent in ports.agents.free(queue_id):
        waiting = _first_for(ports, agent, queue_id, newest)
        if waiting is not None:
            return _offer(ports, waiting, agent, newest)
    return "over"


def _offer_in_crowd(ports: Ports, newest: _Waiting) -> Look | None:
    """Offer any conversation whose turn it is to any free agent; None if that cannot be done.

    Everybody sees the same first agent and the same oldest conversation, and all but one lose
    their claim. But whose turn it is has somebody who looks for them at this moment.
    """
    queue_id, own_id = newest.conversation.queue_id, newest.conversation.id
    free = list(islice(ports.agents.free(queue_id), CROWD))
    turns = _turns(ports, queue_id, len(free))
    for conversation_id in [own_id] if own_id in turns else _from_anywhere(ports, turns):
        is_own = conversation_id == own_id
        waiting = newest if is_own else _load_waiting(ports, conversation_id)
        for agent in _from_anywhere(ports, free):
            if waiting is not None and not _is_refused(ports, waiting, agent):
                return _offer(ports, waiting, agent, newest)
    return None


def _offer(ports: Ports, waiting: _Waiting, agent: Agent, newest: _Waiting) -> Look:
    if not _claim(ports, waiting, agent):
        return "claim lost"
    is_newest = waiting.conversation.id == newest.conversation.id
    return "over" if is_newest else "older one offered"


def _oldest_for(ports: Ports, agent: Agent) -> _Waiting | None:
    """What has waited longest in any of the agent's queues and may be offered to them."""
    firsts = [_first_for(ports, agent, queue_id, None) for queue_id in agent.queues]
    waiting = [first for first in firsts if first is not None]
    return min(waiting, key=lambda first: place(first.conversation), default=None)


def _any_for(ports: Ports, agent: Agent) -> _Waiting | None:
    """One of those whose turn it is in the agent's queues and that may be offered to them."""
    for queue_id in agent.queues:
        are_free = sum(1 for _ in islice(ports.agents.free(queue_id), CROWD))
        for conversation_id in _from_anywhere(ports, _turns(ports, queue_id, are_free)):
            waiting = _load_waiting(ports, conversation_id)
            if waiting is not None and not _is_refused(ports, waiting, agent):
                return waiting
    return None


def _turns(ports: Ports, queue_id: str, are_free: int) -> list[str]:
    """Those who have waited longest, as many as agents are free: all are served at once."""
    return list(islice(ports.conversations.waiting(queue_id), are_free))


def _from_anywhere(ports: Ports, ordered: list[Found]) -> list[Found]:
    """All of them, beginning somewhere in the middle and then from the start."""
    middle = ports.ids.below(len(ordered)) if ordered else 0
    return ordered[middle:] + ordered[:middle]


def _first_for(
    ports: Ports, agent: Agent, queue_id: str, known: _Waiting | None
) -> _Waiting | None:
    for conversation_id in ports.conversations.waiting(queue_id):
        is_known = known is not None and known.conversation.id == conversation_id
        waiting = known if is_known else _load_waiting(ports, conversation_id)
        if waiting is not None and not _is_refused(ports, waiting, agent):
            return waiting
    return None


def _load_waiting(ports: Ports, conversation_id: str) -> _Waiting | None:
    """None when there is nobody to wait for it: then it has ended."""
    found = ports.conversations.get_with_details([conversation_id])
    if not found or abandoning.end_if_abandoned(ports, found[conversation_id][0]):
        return None
    return _Waiting(*found[conversation_id])


def _is_refused(ports: Ports, waiting: _Waiting, agent: Agent) -> bool:
    queue = ports.queues.get(waiting.conversation.queue_id)
    return refuses(agent, waiting.conversation, queue, ports.clock.now())


def _claim(ports: Ports, waiting: _Waiting, agent: Agent) -> bool:
    """Offer the conversation to the agent, unless either has changed."""
    queue = ports.queues.get(waiting.conversation.queue_id)
    now = ports.clock.now()
    try:
        change = lifecycle.offer(waiting.conversation, agent, ports.ids.new(), queue, now)
        ports.conversations.commit(change)
    except Conflict:
        return False
    _present(ports, change, waiting.details, queue)
    return True


def _present(ports: Ports, change: Change, details: Details, queue: Queue) -> None:
    conversation, agent = change.after, change.agent
    if conversation.offer is None or agent is None:
        return
    presented = OfferPresented(conversation, details, queue)
    deliver.to_agent(ports, agent.after, presented, AgentChanged(agent.after))
    timer = Timer("offer", conversation.id, conversation.offer.id)
    ports.timers.schedule(timer, queue.offer_lasts)
    deliver.to_conversation(ports, conversation, change.entries, change.before.public_seq)
