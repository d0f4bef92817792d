"""Bringing waiting conversations and free agents together.

Two-sided, so that no wake-up is lost: a conversation is written as waiting before free agents are
looked for, and an agent is written as free before waiting conversations are looked for. Both looks
are strongly consistent, so of two who come at the same time one sees the other.

Each looks at the queue and pairs the n-th free agent with the n-th conversation. It claims the pair
that it is part of itself. One that has no pair claims any other: the look of that pair may have
come too early or may have died, and after it there may be a pair for the helper.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from chalicelib.domain import lifecycle, routing
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Change, Conversation, Details
from chalicelib.domain.errors import Conflict
from chalicelib.domain.notices import AgentChanged, OfferPresented
from chalicelib.domain.queue import Queue
from chalicelib.ports import Ports, Timer
from chalicelib.usecases import deliver
from chalicelib.usecases.routing import abandoning

MOST_LOST_CLAIMS = 40
"""A lost claim is somebody else's progress, so one tries on; what is left waits for the sweep."""

MOST_PAIRS = 30
"""So many pairs of a queue are looked at, and so many places are read at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation at its place in the queue, and its items as far as they were read."""

    place: str
    found: tuple[Conversation, Details] | None = None

    @property
    def id(self) -> str:
        """The conversation's id."""
        return routing.id_at(self.place)


Pair = tuple[Agent, Waiting]

Outcome = Literal["claimed", "lost", "ended"]
"""A conversation ends instead of being offered when nobody is there to wait for an agent."""


def find_agent(ports: Ports, conversation: Conversation, details: Details) -> None:
    """Offer the waiting conversation to a free agent, or help others while it has none.

    Where its customer has been gone for too long it ends instead.
    """
    lost_claims = 0
    while lost_claims < MOST_LOST_CLAIMS and conversation.status == "queued":
        if abandoning.end_if_abandoned(ports, conversation):
            return
        own = Waiting(routing.place(conversation), (conversation, details))
        pairs = _pairs_with(ports, own, conversation.queue_id)
        pair = next((pair for pair in pairs if pair[1] is own), None) or _any(ports, pairs)
        if pair is None:
            return
        outcome = _claim(ports, pair)
        if outcome == "claimed" and pair[1] is own:
            return
        if outcome == "lost":
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
        pairs = [pair for queue_id in agent.queues for pair in _pairs_in(ports, queue_id)]
        own = [pair for pair in pairs if pair[0].id == agent_id]
        pair = min(own, key=lambda pair: pair[1].place, default=None) or _any(ports, pairs)
        if pair is None:
            return
        if _claim(ports, pair) == "lost":
            ports.clock.pause(lost_claims)
            lost_claims += 1


def _any(ports: Ports, pairs: Sequence[Pair]) -> Pair | None:
    return pairs[ports.ids.below(len(pairs))] if pairs else None


def _pairs_with(ports: Ports, own: Waiting, queue_id: str) -> list[Pair]:
    """The pairs of a queue in which a conversation waits: agents are read first."""
    free = ports.agents.free(queue_id)
    first = next(free, None)
    if first is None:
        return []
    return _pairs(ports, chain([first], free), _waiting(ports, queue_id, own))


def _pairs_in(ports: Ports, queue_id: str) -> list[Pair]:
    """The pairs of a queue that a free agent serves: what waits is read first."""
    return _pairs(ports, ports.agents.free(queue_id), _waiting(ports, queue_id, None))


def _pairs(ports: Ports, free: Iterable[Agent], waiting: Iterable[Waiting]) -> list[Pair]:
    now = ports.clock.now()

    def refuses(agent: Agent, waiting: Waiting) -> bool:
        if waiting.found is None:
            return False
        conversation = waiting.found[0]
        return routing.refuses(agent, conversation, ports.queues.get(conversation.queue_id), now)

    return list(islice(routing.pairs(free, waiting, refuses), MOST_PAIRS))


def _waiting(ports: Ports, queue_id: str, known: Waiting | None) -> Iterator[Waiting]:
    """Those who wait, in their order; of those that were refused, by which agents."""
    places = ports.conversations.waiting(queue_id)
    while page := list(islice(places, MOST_PAIRS)):
        refused = [routing.id_at(place) for place in page if routing.was_refused(place)]
        found = ports.conversations.get_with_details(refused) if refused else {}
        for place in page:
            is_known = known is not None and known.place == place
            waiting = known if is_known else Waiting(place, found.get(routing.id_at(place)))
            if waiting is not None:
                yield waiting


def _claim(ports: Ports, pair: Pair) -> Outcome:
    """Offer the conversation to the agent, unless either has changed or nobody waits any more."""
    agent, waiting = pair
    found = waiting.found or ports.conversations.get_with_details([waiting.id]).get(waiting.id)
    if found is None:
        return "lost"
    conversation, details = found
    if abandoning.end_if_abandoned(ports, conversation):
        return "ended"
    queue = ports.queues.get(conversation.queue_id)
    try:
        change = lifecycle.offer(conversation, agent, ports.ids.new(), queue, ports.clock.now())
        ports.conversations.commit(change)
    except Conflict:
        return "lost"
    _present(ports, change, details, queue)
    return "claimed"


def _present(ports: Ports, change: Change, details: Details, queue: Queue) -> None:
    conversation, agent = change.after, change.agent
    if conversation.offer is None or agent is None:
        return
    presented = OfferPresented(conversation, details, queue)
    deliver.to_agent(ports, agent.after, presented, AgentChanged(agent.after))
    timer = Timer("offer", conversation.id, conversation.offer.id)
    ports.timers.schedule(timer, queue.offer_lasts)
    deliver.to_conversation(ports, conversation, change.entries, change.before.public_seq)
