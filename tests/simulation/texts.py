"""What must hold of texts to phones."""

from __future__ import annotations

from collections import defaultdict

from chalicelib.ports import Text
from tests.simulation.cloud import Invocation
from tests.simulation.ledger import Verdict
from tests.simulation.mirror import Mirror
from tests.simulation.scheduler import Scheduler


class TextChecks:
    """I8."""

    def __init__(self, scheduler: Scheduler, mirror: Mirror, verdict: Verdict) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._verdict = verdict
        self._opted_out: dict[str, int] = {}
        self._texts: dict[str, list[int]] = defaultdict(list)
        self._excused: set[tuple[str, int]] = set()

    def taken(self, text: Text, invocation: Invocation | None) -> None:
        """Twilio took a text."""
        texts = self._texts[text.conversation_id]
        seq = text.message_seq
        address = self._mirror.conversations[text.conversation_id].address
        opted_out = self._opted_out.get(address)
        self._verdict.require(
            opted_out is None or invocation is None or invocation.began < opted_out,
            "I8",
            f"text {seq} of {text.conversation_id} left after its customer opted out",
        )
        is_repeated = seq in texts
        self._verdict.require(
            is_repeated or not texts or seq > max(texts),
            "I8",
            f"text {seq} of {text.conversation_id} left after {texts}",
        )
        self._verdict.require(
            not is_repeated or (text.conversation_id, seq) in self._excused,
            "I8",
            f"text {seq} of {text.conversation_id} left twice without a fault between",
        )
        texts.append(seq)

    def was_cut_off(self, text: Text) -> None:
        """Between Twilio's answer and our record of it something went wrong."""
        self._excused.add((text.conversation_id, text.message_seq))

    def note_address(self, address: str) -> None:
        """A customer may have opted in or out."""
        raw = self._mirror.addresses[address]
        is_out = raw.get("opted_out", {}).get("BOOL", False)
        if not is_out:
            self._opted_out.pop(address, None)
        else:
            self._opted_out.setdefault(address, self._scheduler.elapsed)
