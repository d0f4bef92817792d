"""What must hold of the frames that sockets are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from chalicelib.domain.audience import customer_sees, recipients
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.events import MessageSent, NumberVoided
from proof.simulation.checks.stored import Holding
from proof.simulation.cloud.cloud import Invocation
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.tables import Json, Key
from proof.simulation.identities import knows_only_in_public
from proof.simulation.ledger import Verdict, Violation

PUBLIC = {
    "conversation.started",
    "message.sent",
    "participant.joined",
    "participant.left",
    "conversation.ended",
    "number.voided",
}
FOR_CUSTOMERS = {"event", "synced", "queue.position", "error", "ok"}


class FrameChecks:
    """I7, and I10 for those who are connected."""

    def __init__(
        self,
        mirror: Mirror,
        verdict: Verdict,
        holding: Holding,
        is_live: Callable[[str], bool],
    ) -> None:
        self._mirror = mirror
        self._verdict = verdict
        self._holding = holding
        self._is_live = is_live
        self._owners: dict[str, tuple[str, str, str | None]] = {}
        self._numbered: dict[tuple[str, int], Conversation] = {}

    def posting(self, invocation: Invocation, connection_id: str, frame: Json) -> None:
        """A frame is being sent to a socket, whatever comes of it."""
        if frame["type"] != "event":
            return
        where = (connection_id, frame["conversation_id"], frame["event"]["seq"])
        invocation.owes.pop(where, None)

    def posted(self, connection_id: str, frame: Json) -> None:
        """A frame went out to a socket."""
        kind, owner, conversation_id = self.owner(connection_id)
        type = frame["type"]
        if kind == "customer":
            told = frame.get("conversation_id", conversation_id)
            shown = frame["event"] if type == "event" else {"type": "message.sent"}
            self._verdict.require(
                type in FOR_CUSTOMERS
                and told == conversation_id
                and set(frame.get("positions", {})) <= {conversation_id}
                and shown["type"] in PUBLIC
                and shown.get("delivery") is None
                and frame.get("agent") is None
                and knows_only_in_public(shown),
                "I7",
                f"the customer behind {connection_id} was sent {frame}",
            )
        else:
            self._check_shown_to_agent(owner, frame)
        if type == "synced":
            self._check_listens(connection_id, frame)
        if type == "event":
            self._check_shown(frame["conversation_id"], frame["event"])

    def note_debts(self, invocation: Invocation, keys: list[Key], before: dict[Key, Any]) -> None:
        """Everybody who listens when an event gets its number must be told of it."""
        new: list[tuple[str, int]] = []
        for key in keys:
            now = self._mirror.conversations.get(key.id)
            was = before[key]
            if isinstance(was, Conversation) and now is not None and now.seq > was.seq:
                self._numbered[key.id, now.seq] = now
            if key.seq is not None and was is None:
                new.append((key.id, key.seq))
        for id, seq in new:
            conversation = self._numbered.get((id, seq), self._mirror.conversations[id])
            event = self._mirror.entries[id][seq].event
            if isinstance(event, NumberVoided):
                continue  # Nothing happened: readers find it when they ask.
            for target in recipients(conversation):
                if target.viewer == "agent" or customer_sees(event):
                    invocation.owes[target.connection_id, id, seq] = None

    def check_debts(self, invocation: Invocation) -> None:
        """An invocation that met no fault has told everybody."""
        for connection_id, conversation_id, seq in invocation.owes:
            self._verdict.require(
                not self._is_live(connection_id) or connection_id in self._holding.crowded_out,
                "I10",
                f"{connection_id} was not told of event {seq} of {conversation_id}",
            )

    def note_owner(self, connection_id: str) -> None:
        """A socket was let in, or something was written of it."""
        raw = self._mirror.tables.item(
            Key("conversations", f"CONNECTION#{connection_id}", "CONNECTION")
        )
        if raw is not None:
            bearer = msgspec.json.decode(raw["bearer"]["S"])
            self._owners[connection_id] = (
                bearer["kind"],
                bearer["id"],
                bearer.get("conversation_id"),
            )

    def owner(self, connection_id: str) -> tuple[str, str, str | None]:
        """Whose the socket is: their kind, their id, and of customers the conversation."""
        owner = self._owners.get(connection_id)
        if owner is None:
            raise Violation(f"I7: a frame went to {connection_id}, which nobody opened")
        return owner

    def _check_shown_to_agent(self, agent_id: str, frame: Json) -> None:
        match frame["type"]:
            case "event":
                self._check_agent_may_see(agent_id, frame["conversation_id"], frame["event"]["seq"])
            case "offer.presented":
                offered_to = self._holding.offered.get(frame["offer"]["offer_id"])
                is_theirs = offered_to == agent_id
                self._verdict.require(
                    is_theirs, "I7", f"{agent_id} was shown an offer: {offered_to}"
                )
            case "read.changed":
                self._check_read(agent_id, frame)
            case "conversation.opened":
                holders = self._holding.since[frame["conversation"]["conversation_id"]]
                self._verdict.require(agent_id in holders, "I7", f"{agent_id} was opened {frame}")

    def _check_read(self, agent_id: str, frame: Json) -> None:
        id = frame["conversation_id"]
        self._verdict.require(
            agent_id in self._holding.since[id]
            and frame["seq"] <= self._mirror.conversations[id].seq,
            "I19",
            f"{agent_id} was told that they read {frame}",
        )

    def _check_agent_may_see(self, agent_id: str, conversation_id: str, seq: int) -> None:
        since = self._holding.since[conversation_id].get(agent_id)
        until = self._holding.until.get((conversation_id, agent_id))
        self._verdict.require(
            since is not None and (until is None or seq <= until),
            "I7",
            f"{agent_id} was sent event {seq} of {conversation_id}, held by others",
        )

    def _check_listens(self, connection_id: str, frame: Json) -> None:
        """A connection that was told the positions is told what happens from then on."""
        for id in frame["positions"]:
            conversation = self._mirror.conversations[id]
            self._verdict.require(
                connection_id in conversation.sockets
                or not conversation.is_open
                or connection_id in self._holding.crowded_out
                or not self._is_live(connection_id),
                "I10",
                f"{connection_id} was synced and is not told of {id}",
            )

    def _check_shown(self, conversation_id: str, shown: Json) -> None:
        """Nobody is shown what is not in the transcript."""
        entry = self._mirror.entries[conversation_id].get(shown["seq"])
        self._verdict.require(
            entry is not None,
            "I1",
            f"event {shown['seq']} of {conversation_id} was pushed before it was stored",
        )
        if entry is not None and isinstance(entry.event, MessageSent):
            self._verdict.require(
                shown.get("message_id") == entry.event.message_id,
                "I1",
                f"{shown} was pushed, {entry} is stored",
            )
