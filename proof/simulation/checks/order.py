"""What must hold of agents and those who wait for them."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.routing import rank, refuses
from proof.simulation.cloud.cloud import Invocation
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.settings import QUEUES
from proof.simulation.cloud.tables import Json, Key
from proof.simulation.ledger import Verdict


class RoutingChecks:
    """I4, I5 and I6, and with it the order of I17."""

    def __init__(self, scheduler: Scheduler, mirror: Mirror, verdict: Verdict) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._verdict = verdict
        self._free_since: dict[str, int] = {}

    def read(self, invocation: Invocation, operation: str, request: Json) -> None:
        """The last looks at a queue and its agents are what an offer's order is judged by."""
        if operation != "Query" or "ExclusiveStartKey" in request or "Limit" not in request:
            return
        values = [v for d in request["ExpressionAttributeValues"].values() for v in d.values()]
        if len(values) == 1 and values[0].startswith("WAITING#"):
            invocation.looked_at[values[0].partition("#")[2]] = self._scheduler.elapsed
        if values[0].startswith("SEATS#"):
            queue_id = values[0].partition("#")[2]
            invocation.saw_free[queue_id] = sum(
                queue_id in agent.queues and agent.is_free for agent in self._mirror.agents.values()
            )

    def check_agents(self, keys: list[Key]) -> None:
        """Agents concerned by a write carry exactly what the conversations say."""
        agents = self._mirror.agents
        expected: dict[str, dict[str, str]] = {id: {} for id in agents}
        for conversation in self._mirror.conversations.values():
            held = conversation.offer or conversation.assignment
            if held is not None and conversation.status != "closed" and held.agent.id in expected:
                expected[held.agent.id][conversation.id] = conversation.status
        for id, agent in agents.items():
            self._verdict.require(
                dict(agent.work) == expected[id],
                "I4",
                f"{id} carries {dict(agent.work)}; conversations say {expected[id]}",
            )
            self._verdict.require(
                agent.load <= agent.capacity,
                "I4",
                f"{id} carries {agent.load} of at most {agent.capacity}",
            )
        for id, agent in agents.items():
            if not agent.is_free:
                self._free_since.pop(id, None)
            else:
                self._free_since.setdefault(id, self._scheduler.elapsed)
        if not any(key.pk.startswith(("AGENT#", "SEATS#")) for key in keys):
            return
        for (queue_id, id), (seat, ranked) in self._mirror.seats.items():
            self._verdict.require(
                id not in agents or (seat == agents[id] and ranked == rank(agents[id])),
                "I5",
                f"the seat of {id} in {queue_id} is not {id}: {seat} {ranked}",
            )

    def check_order(self, invocation: Invocation, before: dict[Key, Any]) -> None:
        """The conversation that was offered just now was the next in turn."""
        for key in before:
            now = self._mirror.conversations.get(key.id)
            was = before[key]
            if not isinstance(was, Conversation) or now is None:
                continue
            if was.status == "queued" and now.offer is not None:
                self._check_oldest(invocation, now)

    def _check_oldest(self, invocation: Invocation, offered: Conversation) -> None:
        agent = self._mirror.agents[offered.offer.agent.id]  # type: ignore[union-attr]
        queue = QUEUES[offered.queue_id]
        looked_at = invocation.looked_at.get(offered.queue_id, 0)
        overtaken: list[str] = []
        for taken, since in self._mirror.waiting[offered.queue_id].items():
            older = self._mirror.conversations[taken.rpartition("#")[2]]
            if _turn(older) >= _turn(offered) or since >= looked_at:
                continue
            is_refused = agent.id in older.refusals
            if not is_refused and not refuses(agent, older, queue, self._scheduler.now()):
                overtaken.append(older.id)
        self._verdict.require(
            len(overtaken) < max(1, invocation.saw_free.get(offered.queue_id, 1)),
            "I6",
            f"{offered.id} was offered to {agent.id} before {overtaken}, whose turn it was",
        )

    def check_nobody_waits(self, last_fault: int) -> None:
        """Nothing runs and no fault is to blame: no free agent could take a waiting customer."""
        for queue_id, places in self._mirror.waiting.items():
            for taken, since in places.items():
                conversation = self._mirror.conversations[taken.rpartition("#")[2]]
                for id, agent in self._mirror.agents.items():
                    both_since = max(since, self._free_since.get(id, 0))
                    is_match = (
                        queue_id in agent.queues
                        and agent.is_free
                        and id not in conversation.refusals
                        and both_since > last_fault
                    )
                    self._verdict.require(
                        not is_match,
                        "I5",
                        f"nobody brings {conversation.id}, which waits, and {id} together",
                    )


def _turn(conversation: Conversation) -> tuple[int, int, float]:
    """Whose turn it is: the highest priority, then refused least often, then the oldest."""
    return -conversation.priority, conversation.refused, conversation.queued_at.timestamp()
