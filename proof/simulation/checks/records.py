"""What agents carry of their work lately is what happened."""

from __future__ import annotations

from collections import defaultdict

from chalicelib.domain.events import ConversationClosed, ParticipantJoined
from chalicelib.domain.record import MOST_TAKEN, PACE_WINDOW
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.tables import Key
from proof.simulation.ledger import Verdict

Place = tuple[str, int]


class RecordChecks:
    """Each acceptance and each closing is in the record of its agent, once."""

    def __init__(self, mirror: Mirror, verdict: Verdict) -> None:
        self._mirror = mirror
        self._verdict = verdict
        self._taken: dict[str, dict[Place, tuple[str, int]]] = defaultdict(dict)
        self._served: dict[str, set[Place]] = defaultdict(set)

    def check(self, keys: list[Key]) -> None:
        """Items were written together."""
        for key in keys:
            if key.seq is not None:
                self._note(key.id, key.seq)
        for id in {key.id for key in keys if key.kind == "AGENT"}:
            self._check_agent(id)

    def _note(self, conversation_id: str, seq: int) -> None:
        conversation = self._mirror.conversations[conversation_id]
        entry = self._mirror.entries[conversation_id][seq]
        place = (conversation_id, seq)
        if isinstance(entry.event, ParticipantJoined):
            joined = (conversation.queue_id, int(entry.at.timestamp()))
            self._taken[entry.event.participant.id].setdefault(place, joined)
        if isinstance(entry.event, ConversationClosed) and conversation.assignment is not None:
            self._served[conversation.assignment.agent.id].add(place)

    def _check_agent(self, id: str) -> None:
        agent = self._mirror.agents[id]
        taken = list(self._taken[id].values())
        begins = taken[-1][1] - PACE_WINDOW.total_seconds() if taken else 0
        expected = [one for one in taken if one[1] > begins][-MOST_TAKEN:]
        self._verdict.require(
            list(agent.taken) == expected,
            "I4",
            f"{id} is said to have accepted {agent.taken}; they accepted {expected}",
        )
        closed = len(self._served[id])
        self._verdict.require(
            sum(agent.served.values()) == closed,
            "I4",
            f"{id} is said to have served {dict(agent.served)}; they closed {closed}",
        )
