"""What is in the tables, decoded, kept up to date item by item."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.models import ConversationItem, EntryItem
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.events import Entry
from proof.simulation.cloud.tables import Key, Tables


@dataclass(slots=True)
class Mirror:
    """Everything the checks look at."""

    tables: Tables
    conversations: dict[str, Conversation] = field(default_factory=dict)
    entries: dict[str, dict[int, Entry]] = field(default_factory=lambda: defaultdict(dict))
    waiting: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """Of each queue the places taken, and since when (in microseconds)."""
    agents: dict[str, Agent] = field(default_factory=dict)
    seats: dict[tuple[str, str], tuple[Agent, str | None]] = field(default_factory=dict)
    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, key: Key, at: int) -> None:
        """Look again at an item that was written."""
        raw = self.tables.item(key)
        kind, id = key.kind, key.id
        if key.is_conversation and raw is not None:
            item = ConversationItem.from_raw_data(raw)
            self.conversations[id] = codec.read_conversation(item)
        elif key.seq is not None and raw is not None:
            entry = codec.read_entry(EntryItem.from_raw_data(raw))
            self.entries[id][entry.seq] = entry
        elif kind == "WAITING":
            self._take_place(id, key.sk, at, raw is not None)
        elif kind == "ADDRESS" and raw is not None:
            self.addresses[id] = raw
        elif kind == "AGENT" and raw is not None:
            self.agents[id] = _agent(raw)
        elif kind == "SEATS":
            self._take_seat(id, key.sk.partition("#")[2], raw)

    def tells_of_closed(self, frame: dict[str, Any]) -> bool:
        """Whether a frame is of a closed conversation, which keeps its last sockets."""
        is_told_there = frame["type"] in ("event", "read.changed")
        return is_told_there and self.conversations[frame["conversation_id"]].is_closed

    def _take_seat(self, queue_id: str, agent_id: str, raw: dict[str, Any] | None) -> None:
        if raw is None:
            self.seats.pop((queue_id, agent_id), None)
        else:
            rank = raw.get("rank", {}).get("S")
            self.seats[queue_id, agent_id] = (_agent(raw), rank)

    def _take_place(self, queue_id: str, place: str, at: int, is_there: bool) -> None:
        if is_there:
            self.waiting[queue_id].setdefault(place, at)
        else:
            self.waiting[queue_id].pop(place, None)


def _agent(raw: dict[str, Any]) -> Agent:
    return msgspec.json.decode(raw["state"]["S"], type=Agent)
