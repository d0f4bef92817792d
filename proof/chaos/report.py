"""What the terminal shows of a run."""

from collections import Counter
from typing import TYPE_CHECKING

from proof.chaos.ledger import Ledger

if TYPE_CHECKING:
    from proof.chaos.run import Run


def progress(ledger: Ledger, seconds: float) -> None:
    """One calm line."""
    counts = ledger.counts
    print(
        f"{seconds:4.0f} s  conversations {len(ledger.begun)} begun, {len(ledger.ended)} ended  "
        f"messages {len(ledger.sent)} sent, {ledger.acknowledged} acknowledged, "
        f"{counts['repeated']} tries repeated  "
        f"workers {len(ledger.kills)} killed  sockets {_cuts(counts)} cut",
        flush=True,
    )


def summary(run: "Run") -> None:
    """The table at the end, and what is wrong."""
    for name, value in _rows(run):
        print(f"  {name:<44} {value}")
    print()
    for violation in run.violations:
        print(f"VIOLATION: {violation}")
    if not run.violations:
        print("Nothing was lost, doubled or stranded.")


def _rows(run: "Run") -> list[tuple[str, object]]:
    ledger, conversations = run.world.ledger, run.last.conversations.values()
    kills = Counter(kill.function for kill in ledger.kills)
    sent = list(ledger.sent)
    by_channel = Counter(conversation.channel for conversation in conversations)
    return [
        ("conversations", f"{len(conversations)} ({_listed(by_channel)})"),
        ("  open at the end, each with an agent", sum(one.is_open for one in conversations)),
        ("messages sent", len(sent)),
        ("  acknowledged", ledger.acknowledged),
        ("  refused or given up", sum(one.settled and not one.acknowledged for one in sent)),
        ("  stored", sum(len(one.messages) for one in conversations)),
        ("tries repeated", ledger.counts["repeated"] + _requests_repeated(run)),
        ("texts to phones", run.texts.arrived),
        ("  arrived twice, their worker killed", len(run.texts.twice)),
        ("workers killed", f"{len(ledger.kills)} ({_listed(kills)})"),
        ("  seen at work when killed", ledger.counts["killed at work"]),
        ("sockets broken off", ledger.counts["sockets broken off"]),
        ("sockets closed", ledger.counts["sockets closed"]),
        ("agents' windows gone", ledger.counts["agents gone"]),
        ("offers declined", ledger.counts["offers declined"]),
        ("all was well after", f"{run.settled_after:.0f} s"),
        ("violations", len(run.violations)),
    ]


def _requests_repeated(run: "Run") -> int:
    """Requests that the clients tried again by themselves."""
    customers = [client for one in run.web for client in {one.client, *one.left}]
    return sum(client.repeated for client in [*customers, *(one.client for one in run.agents)])


def _cuts(counts: Counter[str]) -> int:
    return counts["sockets broken off"] + counts["sockets closed"]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
