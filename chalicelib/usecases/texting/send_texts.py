"""Texts on their way out: in order, tried again with growing pauses, and given up in the end."""

import logging
from datetime import datetime, timedelta

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.errors import NotFound
from chalicelib.domain.events import Entry, MessageSent, NumberVoided
from chalicelib.domain.texting import text_address
from chalicelib.ports import Ports, Text, TextDelayed, TextRefused
from chalicelib.usecases.texting.texts import OPTED_OUT, record

logger = logging.getLogger(__name__)

KEPT_TRYING = timedelta(minutes=30)
"""A text that the provider cannot take is given up when it is older, and was tried often enough."""

MOST_TRIES = 5
"""Of a text at which our own code fails; and the least of one that has waited behind others."""

LONGEST_PAUSE = timedelta(minutes=1)
LONGEST_ASKED_PAUSE = timedelta(minutes=15)


class NotSent(Exception):
    """A text did not leave, and those behind it wait: try again after ``pause``."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"again in {pause}")
        self.pause = pause


def send_out(ports: Ports, conversation_id: str, message_seq: int, tries: int) -> None:
    """Send the message if it is still pending, and before it those that should leave before it.

    ``tries`` counts how often this was asked, from 1. Raises NotSent.
    """
    try:
        conversation = ports.conversations.get(conversation_id)
    except NotFound:
        return
    if message_seq <= conversation.settled:
        return
    entries = _without_gaps(ports, conversation, message_seq)
    pending = [entry for entry in entries if _is_pending(entry)]
    if not pending:
        return
    is_unwanted = ports.addresses.contact(conversation.address).opted_out
    for entry in pending:
        if is_unwanted:
            record(ports, conversation_id, entry.seq, "failed", OPTED_OUT)
        elif not _leaves(ports, conversation, entry, tries):
            # It was the one that was tried so often: the next one begins.
            record(ports, conversation_id, entry.seq, "failed")
            tries = 1


def pause_after(tries: int, asked: timedelta | None = None) -> timedelta:
    """How long to wait after that many tries: a second, then ever longer, as long as is asked."""
    growing = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(tries - 1, 6)))
    return growing if asked is None else max(growing, min(asked, LONGEST_ASKED_PAUSE))


def _without_gaps(ports: Ports, conversation: Conversation, last: int) -> list[Entry]:
    """What happened up to ``last`` since the last text that is settled.

    A number that is given out and not used yet is voided, so that no text can be stored there once
    a later one has left: whoever was about to use it is given a new one.
    """
    after, now = conversation.settled, ports.clock.now()
    entries = list(ports.conversations.entries(conversation.id, after, last - after))
    unused = set(range(after + 1, last + 1)) - {entry.seq for entry in entries}
    voided = [
        ports.conversations.void(conversation.id, Entry(seq, now, NumberVoided()))
        for seq in sorted(unused)
    ]
    if all(voided):
        return entries
    return list(ports.conversations.entries(conversation.id, after, last - after))


def _is_pending(entry: Entry) -> bool:
    return isinstance(entry.event, MessageSent) and entry.event.delivery == "pending"


def _leaves(ports: Ports, conversation: Conversation, entry: Entry, tries: int) -> bool:
    """Whether the text is settled; if not, it is to be given up. Raises NotSent."""
    if _is_hopeless(entry, tries, ports.clock.now()):
        logger.error("A text was given up: the provider did not take it for too long")
        return False
    try:
        ports.texting.send(_text(conversation, entry))
    except TextRefused as refused:
        record(ports, conversation.id, entry.seq, "failed", refused.code)
    except TextDelayed as delayed:
        raise NotSent(pause_after(tries, delayed.pause)) from delayed
    except Exception as error:
        if tries < MOST_TRIES:
            raise NotSent(pause_after(tries)) from error
        logger.error("A text was given up: it cannot be sent (%s)", type(error).__name__)
        return False
    else:
        record(ports, conversation.id, entry.seq, "sent")
    return True


def _is_hopeless(entry: Entry, tries: int, now: datetime) -> bool:
    """Whether the text was tried for long enough, also if each try ended its worker."""
    return tries > MOST_TRIES and now - entry.at > KEPT_TRYING


def _text(conversation: Conversation, entry: Entry) -> Text:
    """Raises ValueError when it has no recipient."""
    if not isinstance(entry.event, MessageSent):
        raise TypeError("Only messages leave as texts.")
    address = text_address(conversation.address)
    return Text(address.ours, address.theirs, entry.event.text, conversation.id, entry.seq)
