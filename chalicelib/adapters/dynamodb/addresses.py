"""Addresses in DynamoDB: where customers are found again."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.adapters.dynamodb import transactions
from chalicelib.adapters.dynamodb.access import check_token_item
from chalicelib.adapters.dynamodb.client import ConditionFailed, translated
from chalicelib.adapters.dynamodb.models import AddressItem, TokenItem
from chalicelib.adapters.dynamodb.reading import batch_get
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.conversation import Contact
from chalicelib.ports import Clock

MOST_RECALLED = 1000
"""Addresses of which a worker remembers where they lead."""


class AddressTable:
    """The port ``Addresses``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recalled: dict[str, Contact] = {}

    def contact(self, address: str, token: CustomerToken | None) -> Contact:
        """What the address leads to. Raises Unauthenticated when the token is not good."""
        keys = [(transactions.address_key(address), "ADDRESS")]
        if token is not None:
            keys.append((transactions.token_key(token.key), "TOKEN"))
        found = {item["sk"]["S"]: item for item in batch_get(keys)}
        if token is not None:
            item = TokenItem.from_raw_data(found["TOKEN"]) if "TOKEN" in found else None
            check_token_item(item, token, self._clock)
        if "ADDRESS" not in found:
            return Contact()
        contact = _contact(AddressItem.from_raw_data(found["ADDRESS"]))
        if address in self._recalled:
            self._remember(address, contact)
        return contact

    def recall(self, address: str) -> Contact:
        """What the address leads to, or led to when this worker last looked."""
        if address in self._recalled:
            return replace(self._recalled[address], is_recalled=True)
        contact = self.contact(address, None)
        self._remember(address, contact)
        return contact

    def set_opted_out(self, address: str, opted_out: bool, sid: str) -> None:
        """Remember whether the customer wants no texts, as they said in the text ``sid``."""
        is_new = ~AddressItem.consents.contains(sid)
        with suppress(ConditionFailed), translated():
            AddressItem(transactions.address_key(address)).update(
                [AddressItem.opted_out.set(opted_out), AddressItem.consents.add({sid})],
                is_new,
            )

    def _remember(self, address: str, contact: Contact) -> None:
        """Only where a conversation is open: whoever writes into it learns if it no longer is."""
        self._recalled.pop(address, None)
        if contact.conversation_id is None or contact.has_ended:
            return
        self._recalled[address] = contact
        if len(self._recalled) > MOST_RECALLED:
            self._recalled.pop(next(iter(self._recalled)))


def _contact(item: AddressItem) -> Contact:
    return Contact(
        item.conversation_id,
        has_ended=bool(item.has_ended),
        ended_id=item.ended_id,
        marks=frozenset(item.recent or ()),
        opted_out=bool(item.opted_out),
    )
