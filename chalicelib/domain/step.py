"""One step in the life of a conversation: what every change of it has in common."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.audience import customer_sees
from chalicelib.domain.conversation import AgentChange, Change, Conversation
from chalicelib.domain.events import Entry, Event


def step(
    before: Conversation,
    after: Conversation,
    events: list[Event],
    now: datetime,
    agent: AgentChange | None,
) -> Change:
    """The change with its events numbered, and the conversation with their numbers."""
    entries = tuple(Entry(before.seq + n, now, event) for n, event in enumerate(events, start=1))
    public = [entry.seq for entry in entries if customer_sees(entry.event)]
    numbered = replace(
        after,
        seq=entries[-1].seq,
        public_seq=public[-1] if public else before.public_seq,
    )
    return Change(before, numbered, entries, agent)
