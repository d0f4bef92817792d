"""What must hold of texts to phones."""

from __future__ import annotations

from collections import defaultdict

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.events import Entry, MessageSent
from chalicelib.ports import Text
from proof.simulation.cloud.cloud import Invocation
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.tables import Key
from proof.simulation.ledger import Verdict


class TextChecks:
    """I8."""

    def __init__(self, scheduler: Scheduler, mirror: Mirror, verdict: Verdict) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._verdict = verdict
        self._opted_out: dict[str, int] = {}
        self._texts: dict[str, list[int]] = defaultdict(list)
        self._excused: set[tuple[str, int]] = set()
        self._may_fail: set[tuple[str, int]] = set()
        self._ever_out: set[str] = set()

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

    def may_fail(self, text: Text) -> None:
        """Twilio refused it, or will not deliver it, or our own code fails at it."""
        self._may_fail.add((text.conversation_id, text.message_seq))

    def check_item(self, key: Key) -> None:
        """No text fails because of what passes, and conversations know who wants no texts."""
        if key.seq is not None:
            self._check_failure(key.id, self._mirror.entries[key.id][key.seq])
        elif key.is_conversation:
            self._check_consent(self._mirror.conversations[key.id])
        elif key.kind == "ADDRESS":
            id = self._mirror.addresses[key.id].get("conversation_id", {}).get("S")
            if id in self._mirror.conversations:
                self._check_consent(self._mirror.conversations[id])

    def _check_failure(self, conversation_id: str, entry: Entry) -> None:
        if not isinstance(entry.event, MessageSent) or entry.event.delivery != "failed":
            return
        address = self._mirror.conversations[conversation_id].address
        self._verdict.require(
            (conversation_id, entry.seq) in self._may_fail or address in self._ever_out,
            "I8",
            f"text {entry.seq} of {conversation_id} was given up though it could have left",
        )

    def _check_consent(self, conversation: Conversation) -> None:
        raw = self._mirror.addresses.get(conversation.address, {})
        leads_here = raw.get("conversation_id", {}).get("S") == conversation.id
        if leads_here and conversation.is_open:
            self._verdict.require(
                conversation.opted_out == raw.get("opted_out", {}).get("BOOL", False),
                "I8",
                f"{conversation.id} does not know whether its customer wants texts",
            )

    def note_address(self, address: str) -> None:
        """A customer may have opted in or out."""
        raw = self._mirror.addresses[address]
        is_out = raw.get("opted_out", {}).get("BOOL", False)
        if not is_out:
            self._opted_out.pop(address, None)
        else:
            self._ever_out.add(address)
            self._opted_out.setdefault(address, self._scheduler.elapsed)
