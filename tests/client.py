"""A headless client of Lambdesk for tests, written from docs/protocol.md alone.

It shares no code with the server, so that a mistake in the document or a change of the wire shows.
All calls block until they are answered; what arrives on the socket is read in the background.
"""

import json
import secrets
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE = 30.0
"""Seconds after which a missing answer is a failure."""

ATTEMPTS = 5
"""How often a request is tried that meets no server, 429 or 5xx."""

TICKET_LASTS = 25.0


class Refused(Exception):
    """An answer that says no."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}" + (f" ({field})" if field else ""))
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.retry_after = retry_after


class Transcript:
    """What a client holds of a conversation.

    Everything up to ``position`` is held. ``conversation`` is as the last fetch told it.
    """

    def __init__(self) -> None:
        self.position = 0
        self.conversation: Json = {}
        self._events: dict[int, Json] = {}

    @property
    def events(self) -> list[Json]:
        """All events held, in their order."""
        return [self._events[seq] for seq in sorted(self._events)]

    @property
    def messages(self) -> list[Json]:
        """The messages held, each once, in their order."""
        return [event for event in self.events if event["type"] == "message.sent"]

    @property
    def texts(self) -> list[str]:
        """What was said, in its order."""
        return [message["text"] for message in self.messages]

    def push(self, frame: Json) -> bool:
        """Take in a frame ``event``; whether something was missed before it."""
        event = frame["event"]
        self._events[event["seq"]] = event
        if frame["after"] > self.position:
            return True
        self.position = max(self.position, event["seq"])
        return False

    def take(self, reply: Json) -> bool:
        """Take in the reply to a fetch; whether to fetch again."""
        before = self.position
        for event in reply["events"]:
            self._events[event["seq"]] = event
        self.position = max(self.position, reply["position"])
        self.conversation = reply["conversation"]
        return bool(reply["more"]) and self.position > before

    def copy(self) -> "Transcript":
        """What is held now."""
        copy = Transcript()
        copy.position, copy.conversation = self.position, self.conversation
        copy._events = dict(self._events)
        return copy

    def lags(self, position: int) -> bool:
        """Whether something up to ``position`` is missing."""
        return self.position < position


class WebSocket:
    """One socket. ``on_frame`` is called in the thread that reads."""

    def __init__(
        self, url: str, on_frame: Callable[[Json], None], on_close: Callable[[], None]
    ) -> None:
        parts = urlsplit(url)
        self._on_frame = on_frame
        self._on_close = on_close
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._text = ""
        self.closed = threading.Event()
        self.close_code: int | None = None
        self._socket = _connect(parts.hostname or "", parts.port, parts.scheme == "wss")
        self._transmit(Request(host=parts.netloc, target=f"{parts.path or '/'}?{parts.query}"))
        early = self._shake_hands()
        self._reader = threading.Thread(target=self._read, args=(early,), daemon=True)
        self._reader.start()

    def send(self, frame: Json) -> None:
        """Send one frame. Raises ConnectionError when the socket is closed."""
        # Escaped, an emoji would take three times the room that a frame has for it.
        self.send_raw(json.dumps(frame, ensure_ascii=False))

    def send_raw(self, content: str | bytes) -> None:
        """Send any frame, text or binary. Raises ConnectionError when the socket is closed."""
        if self.closed.is_set():
            raise ConnectionError("the socket is closed")
        try:
            self._transmit(
                TextMessage(content) if isinstance(content, str) else BytesMessage(content)
            )
        except (OSError, LocalProtocolError) as error:
            raise ConnectionError("the socket is closing") from error

    def close(self) -> None:
        """Close in order: a close frame, and the server's answer to it."""
        with suppress(OSError, LocalProtocolError):
            self._transmit(CloseConnection(code=1000))
        self.closed.wait(2)
        self._finish()

    def drop(self) -> None:
        """Break the connection off, without a close frame."""
        linger = struct.pack("ii", 1, 0)
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._finish()

    def _finish(self) -> None:
        self._stopping.set()
        if threading.current_thread() is not self._reader:
            self._reader.join(PATIENCE)
        self._socket.close()
        self.closed.set()

    def _transmit(self, event: Event) -> None:
        with self._lock:
            self._socket.sendall(self._protocol.send(event))

    def _receive(self) -> list[Event]:
        with self._lock:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the server hung up")
            try:
                self._protocol.receive_data(data)
            except RemoteProtocolError as error:
                raise ConnectionError("the server speaks no WebSocket") from error
        return list(self._protocol.events())

    def _shake_hands(self) -> list[Event]:
        while True:
            events = self._receive()
            for position, event in enumerate(events):
                if isinstance(event, AcceptConnection):
                    return events[position + 1 :]
                self._socket.close()
                status = event.status_code if isinstance(event, RejectConnection) else 0
                raise Refused(status, "socket_refused", "The socket was not opened.")

    def _read(self, early: list[Event]) -> None:
        try:
            self._handle(early)
            while not self._stopping.is_set() and not self.closed.is_set():
                if self._has_data():
                    self._handle(self._receive())
        except (OSError, ValueError):
            # A ValueError is what select says of a socket that was closed here meanwhile.
            pass
        finally:
            self.closed.set()
            self._on_close()

    def _has_data(self) -> bool:
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
            return True
        return bool(select.select([self._socket], [], [], 0.05)[0])

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, TextMessage):
                self._text += event.data
                if event.message_finished:
                    text, self._text = self._text, ""
                    frame = _frame(text)
                    if frame is not None:
                        self._on_frame(frame)
            elif isinstance(event, Ping):
                self._transmit(event.response())
            elif isinstance(event, CloseConnection):
                if self._protocol.state is ConnectionState.REMOTE_CLOSING:
                    self._transmit(event.response())
                self.close_code = event.code
                self.closed.set()


class _Client:
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
        return self

    def __exit__(self, *_: object) -> None:
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
            raise _refusal(0, answer["error"])
        return answer

    def request(self, method: str, path: str, body: Json | None = None) -> Json:
        """One REST request, tried again where the protocol says so. Raises Refused."""
        url = self._rest_url + path
        for attempt in range(ATTEMPTS):
            reply = self._try(method, url, body)
            if reply is not None and reply.status != 429 and reply.status < 500:
                break
            self.repeated += 1
            time.sleep(max(0.2 * 2**attempt, _retry_after(reply)))
        if reply is None:
            raise ConnectionError(f"no answer from {url}")
        return _content(reply)

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


class CustomerClient(_Client):
    """A customer with one conversation at a time."""

    def __init__(self, stack: Mapping[str, Any], token: str | None = None) -> None:
        super().__init__(stack)
        self.token = token
        self.conversation_id = ""
        self.transcript = Transcript()
        self.ahead: int | None = None
        self.agents: int | None = None
        self._first_ticket: tuple[str, float] | None = None

    @property
    def events(self) -> list[Json]:
        """The events of the conversation, in their order."""
        return self.transcript.events

    @property
    def texts(self) -> list[str]:
        """What was said, in its order."""
        return self.transcript.texts

    @property
    def status(self) -> str:
        """``waiting``, ``active`` or ``ended``, as the events tell."""
        tells = {
            "conversation.ended": "ended",
            "participant.joined": "active",
            "participant.left": "waiting",
        }
        types = [event["type"] for event in self.events]
        return next((tells[type] for type in reversed(types) if type in tells), "waiting")

    def form(self, queue_id: str) -> Json:
        """What the queue asks before a conversation."""
        return self.request("GET", f"/widget/queues/{queue_id}")

    def start(
        self,
        queue_id: str,
        answers: Mapping[str, str],
        start_id: str | None = None,
        website: Json | None = None,
    ) -> Json:
        """Open a conversation; its first socket ticket is kept for ``connect``."""
        body: Json = {
            "start_id": start_id or secrets.token_urlsafe(24),
            "queue_id": queue_id,
            "answers": dict(answers),
        }
        if website is not None:
            body["website"] = website
        reply = self.request("POST", "/widget/conversations", body)
        self.token = reply["customer_token"] or self.token
        self._first_ticket = (reply["socket_ticket"], time.monotonic())
        self._follow(reply["conversation"])
        return reply

    def send(self, text: str, message_id: str | None = None) -> Json:
        """Send a message; its receipt."""
        body = {"message_id": message_id or secrets.token_hex(16), "text": text}
        return self.request("POST", f"{self._path}/messages", body)

    def resume(self) -> list[Json]:
        """Fetch what is missing; all events."""
        self._fetch(self.conversation_id)
        return self.events

    def end(self) -> Json:
        """End the conversation, and learn what that added to it."""
        reply = self.request("POST", f"{self._path}/end")
        self.resume()
        return reply

    @property
    def _path(self) -> str:
        return f"/widget/conversations/{self.conversation_id}"

    def _follow(self, conversation: Json) -> None:
        self.ahead, self.agents = conversation["ahead"], conversation["agents"]
        if conversation["conversation_id"] != self.conversation_id:
            self.conversation_id = conversation["conversation_id"]
            self.transcript = Transcript()

    def _credential(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _ticket(self) -> str:
        first, self._first_ticket = self._first_ticket, None
        if first is not None and time.monotonic() - first[1] < TICKET_LASTS:
            return first[0]
        return str(self.request("POST", f"{self._path}/socket-tickets")["socket_ticket"])

    def _apply(self, frame: Json) -> None:
        if frame["type"] == "queue.position":
            self.ahead, self.agents = frame["ahead"], frame["agents"]

    def _transcript(self, conversation_id: str) -> Transcript | None:
        return self.transcript if conversation_id == self.conversation_id else None

    def _events_path(self, conversation_id: str) -> str:
        return f"/widget/conversations/{conversation_id}/messages"


class AgentClient(_Client):
    """An agent at a desk of their own."""

    def __init__(self, stack: Mapping[str, Any], email: str, password: str) -> None:
        super().__init__(stack)
        self._transcripts: dict[str, Transcript] = {}
        self._desk_frames = 0
        self.agent: Json = {}
        self.offers: dict[str, Json] = {}
        self.conversations: dict[str, Json] = {}
        self.not_ready_reasons: list[str] = []
        self._id_token = self._sign_in(_config(self._http, stack), email, password)

    def connect(self) -> None:
        """Open a socket, sync, and take over the desk."""
        super().connect()
        self.take_desk()

    def take_desk(self) -> Json:
        """Read the desk, again if it changed meanwhile, and fetch what its conversations lack."""
        is_current = False
        while not is_current:
            before = self._desk_frames
            desk = self._whole_desk()
            with self._changed:
                is_current = self._desk_frames == before
                self._put_on_desk(desk)
        for held in desk["conversations"]:
            self._fetch_up_to(held["conversation_id"], held["position"])
        return desk

    def _whole_desk(self) -> Json:
        desk = self.request("GET", "/agent/desk")
        while desk["next_page"] is not None:
            page = self.request("GET", "/agent/desk?" + urlencode({"page": desk["next_page"]}))
            for part in ("offers", "conversations"):
                page[part] = desk[part] + page[part]
            desk = page
        return desk

    def queues(self) -> Json:
        """How the queues of this agent stand."""
        return self.request("GET", "/agent/queues")

    def ready(self) -> None:
        """Declare to be ready."""
        self.command("availability.set", availability="ready")

    def not_ready(self, reason: str) -> None:
        """Declare not to be ready."""
        self.command("availability.set", availability="not_ready", reason=reason)

    def wait_for_offer(self, conversation_id: str | None = None, seconds: float = PATIENCE) -> Json:
        """A pending offer: of this conversation, or any."""

        def pending(client: Self) -> Json | None:
            offers = client.offers.values()
            wanted = (o for o in offers if conversation_id in (None, o["conversation_id"]))
            return next(wanted, None)

        return self.wait_for(pending, "offer", seconds)

    def accept(self, offer: Json) -> Json:
        """Accept; the conversation, once it is on the desk."""
        self._answer("offer.accept", offer)
        conversation_id = offer["conversation_id"]
        held = self.wait_for(
            lambda client: client.conversations.get(conversation_id), "conversation.opened"
        )
        self._fetch_up_to(conversation_id, held["position"])
        return held

    def decline(self, offer: Json) -> None:
        """Decline."""
        self._answer("offer.decline", offer)

    def say(self, conversation_id: str, text: str, message_id: str | None = None) -> Json:
        """Send a message; its receipt."""
        return self.command(
            "message.send",
            conversation_id=conversation_id,
            message_id=message_id or secrets.token_hex(16),
            text=text,
        )

    def close(
        self, conversation_id: str, disposition: str | None = None, note: str | None = None
    ) -> None:
        """Close a conversation."""
        self.command(
            "conversation.close",
            conversation_id=conversation_id,
            disposition=disposition,
            note=note,
        )

    def transcript(self, conversation_id: str) -> Transcript:
        """What is held of the conversation."""
        return self._transcript(conversation_id)

    def resume(self, conversation_id: str) -> list[Json]:
        """Fetch what is missing; all events."""
        self._fetch(conversation_id)
        return self.transcript(conversation_id).events

    def _put_on_desk(self, desk: Json) -> None:
        self._take_agent(desk["agent"])
        self.not_ready_reasons = desk["not_ready_reasons"]
        self.offers = {offer["offer_id"]: offer for offer in desk["offers"]}
        self.conversations = {held["conversation_id"]: held for held in desk["conversations"]}
        self._changed.notify_all()

    def _answer(self, type: str, offer: Json) -> None:
        ids = {name: offer[name] for name in ("conversation_id", "offer_id")}
        self.command(type, **ids)
        with self._changed:
            self.offers.pop(offer["offer_id"], None)

    def _sign_in(self, config: Json, email: str, password: str) -> str:
        reply = self._http.request(
            "POST",
            config["cognito_url"].rstrip("/") + "/",
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            },
            body=json.dumps(
                {
                    "AuthFlow": "USER_PASSWORD_AUTH",
                    "ClientId": config["user_pool_client_id"],
                    "AuthParameters": {"USERNAME": email, "PASSWORD": password},
                }
            ),
        )
        return str(_content(reply)["AuthenticationResult"]["IdToken"])

    def _credential(self) -> dict[str, str]:
        return {"Authorization": self._id_token}

    def _ticket(self) -> str:
        return str(self.request("POST", "/agent/socket-tickets")["socket_ticket"])

    def _apply(self, frame: Json) -> None:
        self._desk_frames += frame["type"].startswith(("offer.", "conversation."))
        match frame:
            case {"type": "synced" | "agent.changed", "agent": dict(agent)}:
                self._take_agent(agent)
            case {"type": "offer.presented", "offer": offer}:
                self.offers[offer["offer_id"]] = offer
            case {"type": "offer.resolved", "offer_id": offer_id}:
                self.offers.pop(offer_id, None)
            case {"type": "conversation.opened", "conversation": conversation}:
                self.conversations[conversation["conversation_id"]] = conversation
            case {"type": "conversation.released", "conversation_id": conversation_id}:
                self.conversations.pop(conversation_id, None)

    def _take_agent(self, agent: Json) -> None:
        if agent["version"] >= self.agent.get("version", 0):
            self.agent = agent

    def _transcript(self, conversation_id: str) -> Transcript:
        return self._transcripts.setdefault(conversation_id, Transcript())

    def _events_path(self, conversation_id: str) -> str:
        return f"/agent/conversations/{conversation_id}/events"


def _frame(text: str) -> Json | None:
    """A frame of ours. When a function fails, the gateway says so in words of its own."""
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and "type" in frame else None


def _config(http: urllib3.PoolManager, stack: Mapping[str, Any]) -> Json:
    if "cognito_url" in stack:
        return dict(stack)
    desktop = str(stack["desktop_url"])
    base = desktop if "." in desktop.rsplit("/", 1)[-1] else desktop.rstrip("/") + "/"
    return _content(http.request("GET", urljoin(base, "config.json")))


def _content(reply: urllib3.BaseHTTPResponse) -> Json:
    try:
        content: Json = json.loads(reply.data) if reply.data else {}
    except ValueError:
        content = {}
    if reply.status < 300:
        return content
    # Cognito and the gateway have words of their own for a refusal.
    error = content.get("error") or {
        "code": content.get("__type", "gateway"),
        "message": content.get("message", ""),
    }
    raise _refusal(reply.status, error)


def _retry_after(reply: urllib3.BaseHTTPResponse | None) -> int:
    """The seconds that the server wants us to wait; 0 where it does not say."""
    return int(reply.headers.get("Retry-After", 0)) if reply is not None else 0


def _refusal(status: int, error: Json) -> Refused:
    return Refused(
        status, error["code"], error["message"], error.get("field"), error.get("retry_after")
    )


def _connect(host: str, port: int | None, secure: bool) -> socket.socket:
    plain = socket.create_connection((host, port or (443 if secure else 80)), PATIENCE)
    if not secure:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
