"""What customers and agents have in common: requests, one socket, transcripts kept complete.

All calls block until they are answered. Frames are read in a thread of their own.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import urllib3

from clients.python.answers import Json, Refused, content_of, pause_before_retry, refusal
from clients.python.transcript import Transcript
from clients.python.websocket import PATIENCE, WebSocket

T = TypeVar("T")

ATTEMPTS = 5
"""How often a request is tried that meets no server, 429 or 5xx."""


class Client:
    """What customers and agents have in common."""

    def __init__(self, stack: Mapping[str, Any]) -> None:
        self._rest_url = str(stack["rest_url"])
        self._socket_url = str(stack["socket_url"])
        self._http = urllib3.PoolManager(retries=False, timeout=PATIENCE)
        self._changed = threading.Condition(threading.RLock())
        self._fetching = threading.Lock()
        self._answers: dict[str, Json] = {}
        self._last_ref = 0
        self._socket: WebSocket | None = None
        self.frames: list[Json] = []
        self.repeated = 0
        """How many requests were sent again."""

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the socket in order."""
        self.disconnect()

    @property
    def socket(self) -> WebSocket:
        """The socket. Raises ConnectionError when there is none."""
        if self._socket is None:
            raise ConnectionError("there is no socket")
        return self._socket

    @property
    def is_connected(self) -> bool:
        """Whether there is a live socket."""
        return self._socket is not None and not self._socket.closed.is_set()

    def wait_for(
        self,
        condition: Callable[[Self], T | None],
        what: str = "what the test waits for",
        seconds: float = PATIENCE,
    ) -> T:
        """What the condition gives, as soon as it gives something true."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (result := condition(self)):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no {what} in {seconds} s; frames: {self.frames[-8:]}")
                self._changed.wait(left)
            return result

    def connect(self) -> None:
        """Open a socket and sync; close the one there was."""
        self.disconnect()
        with self._changed:
            self._answers.clear()
        url = f"{self._socket_url}?{urlencode({'ticket': self._ticket()})}"
        self._socket = WebSocket(url, self._on_frame, self._on_close)
        self.sync()

    def disconnect(self, *, close_frame: bool = True) -> None:
        """Close the socket in order, or break it off."""
        connection, self._socket = self._socket, None
        if connection is not None:
            (connection.close if close_frame else connection.drop)()

    def lose_socket(self, *, close_frame: bool = False) -> bool:
        """Lose the socket as the network has it; the client finds out. Whether there was one."""
        connection = self._socket
        if connection is None or connection.closed.is_set():
            return False
        (connection.close if close_frame else connection.drop)()
        return True

    def sync(self) -> Json:
        """Send ``sync``, and fetch what turns out to be missing."""
        synced = self.command("sync")
        for conversation_id, position in synced["positions"].items():
            self._fetch_up_to(conversation_id, position)
        return synced

    def command(self, type: str, **fields: Any) -> Json:
        """Send a command, again when it was too much; the frame that answers it. Raises Refused."""
        while True:
            try:
                return self._command(type, **fields)
            except Refused as refused:
                if refused.retry_after is None:
                    raise
                time.sleep(refused.retry_after)

    def _command(self, type: str, **fields: Any) -> Json:
        connection = self._socket
        if connection is None:
            raise ConnectionError("there is no socket")
        with self._changed:
            self._last_ref += 1
            ref = str(self._last_ref)
        connection.send({"type": type, "ref": ref, **fields})

        def answered(client: Self) -> Json | None:
            answer = client._answers.pop(ref, None)
            if answer is None and connection.closed.is_set():
                raise ConnectionError(f"the socket was closed before the answer to {type}")
            return answer

        answer = self.wait_for(answered, f"answer to {type}")
        if answer["type"] == "error":
            raise refusal(0, answer["error"])
        return answer

    def request(self, method: str, path: str, body: Json | None = None) -> Json:
        """One REST request, tried again where the protocol says so. Raises Refused."""
        url = self._rest_url + path
        for attempt in range(ATTEMPTS):
            reply = self._try(method, url, body)
            if reply is not None and reply.status != 429 and reply.status < 500:
                break
            self.repeated += 1
            time.sleep(max(0.2 * 2**attempt, pause_before_retry(reply)))
        if reply is None:
            raise ConnectionError(f"no answer from {url}")
        return content_of(reply)

    def _try(self, method: str, url: str, body: Json | None) -> urllib3.BaseHTTPResponse | None:
        try:
            return self._http.request(method, url, json=body, headers=self._credential())
        except urllib3.exceptions.HTTPError:
            return None

    def _on_frame(self, frame: Json) -> None:
        with self._changed:
            self.frames.append(frame)
            if frame.get("ref") and frame["type"] in ("synced", "ok", "error"):
                self._answers[frame["ref"]] = frame
            self._apply(frame)
            behind = frame["type"] == "event" and self._push(frame)
            self._changed.notify_all()
        if behind:
            # Whatever goes wrong, the transcript still lags and the next sync fetches again.
            with suppress(ConnectionError, Refused):
                self._fetch(frame["conversation_id"])

    def _on_close(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _push(self, frame: Json) -> bool:
        transcript = self._transcript(frame["conversation_id"])
        return transcript is not None and transcript.push(frame)

    def _fetch_up_to(self, conversation_id: str, position: int) -> None:
        transcript = self._transcript(conversation_id)
        if transcript is not None and transcript.lags(position):
            self._fetch(conversation_id)

    def _fetch(self, conversation_id: str) -> None:
        transcript = self._transcript(conversation_id)
        while transcript is not None and self._fetch_page(conversation_id, transcript):
            pass

    def _fetch_page(self, conversation_id: str, transcript: Transcript) -> bool:
        with self._fetching:
            path = f"{self._events_path(conversation_id)}?after={transcript.position}"
            reply = self.request("GET", path)
            with self._changed:
                more = transcript.take(reply)
                self._changed.notify_all()
        return more

    def _credential(self) -> dict[str, str]:
        raise NotImplementedError

    def _ticket(self) -> str:
        raise NotImplementedError

    def _apply(self, frame: Json) -> None:
        raise NotImplementedError

    def _transcript(self, conversation_id: str) -> Transcript | None:
        raise NotImplementedError

    def _events_path(self, conversation_id: str) -> str:
        raise NotImplementedError
