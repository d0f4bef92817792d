"""Addresses in DynamoDB: where customers are found again."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec

from chalicelib.adapters.dynamodb import codec, transactions
from chalicelib.adapters.dynamodb.access import check_token_item
from chalicelib.adapters.dynamodb.client import ConditionFailed, translated
from chalicelib.adapters.dynamodb.models import AddressItem, TokenItem
from chalicelib.adapters.dynamodb.queues import QueueTable, number_key, queue_key
from chalicelib.adapters.dynamodb.reading import Key, batch_get, key_of
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.conversation import Contact
from chalicelib.ports import Clock

MOST_CONSENTS = 64
"""Texts that said so and are known again; then all but the newest are forgotten."""

MOST_RECALLED = 1000
"""Addresses of which a worker remembers where they lead."""


_FORMER = msgspec.json.Decoder(dict[str, str])


class AddressTable:
    """The port ``Addresses``."""

    def __init__(self, clock: Clock, queues: QueueTable) -> None:
        self._clock = clock
        self._queues = queues
        self._recalled: dict[str, Contact] = {}

    def contact(self, address: str, begins: str | None = None) -> Contact:
        """What the address leads to, and whether the conversation ``begins`` has begun."""
        if begins is None:
            return self._look(address, [])[0]
        begun_key = _conversation_key(begins)
        contact, found = self._look(address, [begun_key])
        return replace(contact, has_begun=begun_key in found)

    def contact_of(self, token: CustomerToken, address: str, begins: str, queue_id: str) -> Contact:
        """The same for who shows a token; with it the queue's settings become known."""
        token_key, begun_key = _token_key(token), _conversation_key(begins)
        queue = self._queues.unknown(queue_key(queue_id))
        contact, found = self._look(address, [token_key, begun_key, *queue])
        item = TokenItem.from_raw_data(found[token_key]) if token_key in found else None
        check_token_item(item, token, self._clock)
        return replace(contact, has_begun=begun_key in found)

    def recall(self, address: str, number: str) -> Contact:
        """The same, as this worker last saw it; if it must look, it looks at our number too."""
        if address in self._recalled:
            return replace(self._recalled[address], is_recalled=True)
        contact, _ = self._look(address, self._queues.unknown(number_key(number)))
        self._remember(address, contact)
        return contact

    def set_opted_out(self, address: str, opted_out: bool, sid: str) -> None:
        """Remember whether the customer wants no texts, as they said in the text ``sid``."""
        is_new = ~AddressItem.consents.contains(sid)
        item = AddressItem(transactions.address_key(address))
        with suppress(ConditionFailed), translated():
            item.update(
                [AddressItem.opted_out.set(opted_out), AddressItem.consents.add({sid})],
                is_new,
            )
            if len(item.consents or ()) > MOST_CONSENTS:
                item.update([AddressItem.consents.set({sid})])

    def _look(self, address: str, along: list[Key]) -> tuple[Contact, dict[Key, dict[str, Any]]]:
        """The contact of the address, and what was read along with it."""
        address_key = (transactions.address_key(address), "ADDRESS")
        found = {key_of(item): item for item in batch_get([address_key, *along])}
        self._queues.learn(found)
        if address_key not in found:
            return Contact(), found
        contact = _contact(AddressItem.from_raw_data(found[address_key]))
        if address in self._recalled:
            self._remember(address, contact)
        return contact, found

    def _remember(self, address: str, contact: Contact) -> None:
        """Only where a conversation is open: whoever writes into it learns if it no longer is."""
        self._recalled.pop(address, None)
        if contact.conversation_id is None or contact.has_ended:
            return
        self._recalled[address] = contact
        if len(self._recalled) > MOST_RECALLED:
            self._recalled.pop(next(iter(self._recalled)))


def _token_key(token: CustomerToken) -> Key:
    return transactions.token_key(token.key), "TOKEN"


def _conversation_key(conversation_id: str) -> Key:
    return codec.conversation_key(conversation_id), "CONVERSATION"


def _contact(item: AddressItem) -> Contact:
    return Contact(
        item.conversation_id,
        has_ended=bool(item.has_ended),
        taken=_taken(item),
        opted_out=bool(item.opted_out),
    )


def _taken(item: AddressItem) -> dict[str, str]:
    former: dict[str, str] = _FORMER.decode(item.former) if item.former else {}
    recent: dict[str, int] = item.recent or {}
    return former | dict.fromkeys(sorted(recent, key=lambda mark: recent[mark]), item.ended_id)
