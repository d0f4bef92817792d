"""Tokens of customers and tickets for sockets: random, opaque, and stored only as hashes."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain.errors import Unauthenticated

TOKEN_LASTS = timedelta(days=180)
TICKET_LASTS = timedelta(seconds=30)

START_REPEATABLE = timedelta(hours=1)
"""After it nobody waits for the reply any more, and ``start_id`` opens nothing."""

SEEN_EVERY = timedelta(seconds=80)
STALE_AFTER = timedelta(minutes=5)
"""Browsers wake background tabs about once a minute; three heartbeats may be lost."""


@dataclass(frozen=True, slots=True)
class CustomerToken:
    """A token as its bearer shows it: whose it is, and the key under which it is known."""

    customer_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a socket belongs to: an agent, or the customer of one conversation."""

    kind: Literal["agent", "customer"]
    id: str
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Opens one socket, once, before it expires."""

    key: str
    bearer: Bearer
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entrance:
    """What lets a customer on the web in: the token they will show, and a ticket for a socket.

    Both are given by their keys. The token is good from now until ``expires_at``.
    """

    customer_id: str
    token_key: str
    token_expires_at: datetime
    ticket_key: str
    ticket_expires_at: datetime

    def ticket_to(self, conversation_id: str) -> Ticket:
        """The ticket, for the customer of this conversation."""
        bearer = Bearer("customer", self.customer_id, conversation_id)
        return Ticket(self.ticket_key, bearer, self.ticket_expires_at)


@dataclass(frozen=True, slots=True)
class Connection:
    """A live socket, and when it last gave a sign of life.

    ``has_joined`` tells that it was among the sockets of its agent. If it is there no more, it had
    to make room or was found gone, and does not come back.
    """

    id: str
    endpoint: str
    bearer: Bearer
    seen_at: datetime
    has_joined: bool = False

    def is_due_to_be_seen(self, now: datetime) -> bool:
        """Whether it is time to remember that the socket gave a sign of life."""
        return now - self.seen_at > SEEN_EVERY

    @property
    def stale_at(self) -> datetime:
        """When a socket that gave no sign of life since is taken for lost."""
        return self.seen_at + STALE_AFTER


def key_of(secret: str) -> str:
    """What is stored of a secret: 43 characters of its SHA-256."""
    return urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")


def make_token(customer_id: str, secret: str) -> str:
    """The token of a customer. It names the customer, so that finding both is one read."""
    return f"{customer_id}.{secret}"


def read_token(token: str) -> CustomerToken:
    """Raises Unauthenticated when the text cannot be a token."""
    customer_id, dot, secret = token.partition(".")
    if not (dot and customer_id and secret) or len(token) > 200:
        raise Unauthenticated("The token is not valid.")
    return CustomerToken(customer_id, key_of(token))


def customer_of_start(start_id: str) -> str:
    """The id of the new customer who starts with this secret, the same when it is repeated."""
    return hashlib.sha256(f"customer {start_id}".encode()).hexdigest()[:24]


def conversation_begun_by(address: str, message_id: str) -> str:
    """The id of the conversation that a message begins, so that none begins two, however late."""
    return hashlib.sha256(f"conversation {address} {message_id}".encode()).hexdigest()[:24]


def message_of_start(start_id: str) -> str:
    """The id of the first message of whoever starts with this secret: it must not tell it."""
    return hashlib.sha256(f"message {start_id}".encode()).hexdigest()[:24]
