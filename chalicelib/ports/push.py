"""Frames to live sockets."""

from collections.abc import Iterable
from typing import Protocol

from chalicelib.domain.notices import Parcel


class Push(Protocol):
    """Frames to live sockets."""

    def send(self, parcels: Iterable[Parcel]) -> set[str]:
        """Send each parcel once, best effort; the connections that turned out to be gone."""

    def close(self, connection_id: str, endpoint: str) -> None:
        """End a socket, best effort. It is forgotten when API Gateway tells that it is gone."""
