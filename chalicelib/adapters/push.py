"""Frames to live sockets, through API Gateway's management endpoint."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.notices import Parcel
from chalicelib.protocol.render import frame

logger = logging.getLogger(__name__)


class SocketPush:
    """The port ``Push``. One client for each endpoint, made when it is first needed."""

    def __init__(self, make_client: Callable[[str], Any]) -> None:
        self._make_client = make_client
        self._clients: dict[str, Any] = {}

    def send(self, parcels: Iterable[Parcel]) -> set[str]:
        """Send each parcel once, best effort; the connections that turned out to be gone."""
        gone: set[str] = set()
        for parcel in parcels:
            if parcel.connection_id not in gone and not self._post(parcel):
                gone.add(parcel.connection_id)
        return gone

    def close(self, connection_id: str, endpoint: str) -> None:
        """End a socket, best effort. It is forgotten when API Gateway tells that it is gone."""
        client = self._client(endpoint)
        try:
            client.delete_connection(ConnectionId=connection_id)
        except client.exceptions.GoneException:
            return
        except (BotoCoreError, ClientError) as error:
            logger.warning("A socket was not closed: %s", type(error).__name__)

    def _post(self, parcel: Parcel) -> bool:
        """Whether the connection is still there, as far as one can tell."""
        client = self._client(parcel.endpoint)
        data = msgspec.json.encode(frame(parcel.notice))
        try:
            client.post_to_connection(ConnectionId=parcel.connection_id, Data=data)
        except client.exceptions.GoneException:
            return False
        except (BotoCoreError, ClientError) as error:
            logger.warning("A frame was not delivered: %s", type(error).__name__)
        return True

    def _client(self, endpoint: str) -> Any:
        if endpoint not in self._clients:
            self._clients[endpoint] = self._make_client(endpoint)
        return self._clients[endpoint]
