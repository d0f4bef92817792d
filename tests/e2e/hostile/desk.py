"""A light desk for the widget: its real files, and its REST operations in memory.

What is tested with it is the page around the widget. The journeys on the local stack prove the
real desk; this one answers at once, so that there can be many pages.
"""

import json
import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from infra import ROOT
from infra.local.edge import Edge

Json = dict[str, Any]

QUEUE = "demo"
_FORM = json.loads((ROOT / "infra" / "local" / "demo_queue.json").read_text())["form"]


class Desk:
    """The widget's files at ``url`` as CloudFront serves them, and the conversations begun."""

    def __init__(self, files: Path, ports: tuple[int, int]) -> None:
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.starts: list[Json] = []
        self.conversations: dict[str, list[Json]] = {}
        handler = type("Handler", (_Handler,), {"desk": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", ports[1]), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        api = f"http://127.0.0.1:{ports[1]}"
        config = {"rest_url": api, "socket_url": api.replace("http", "ws")}
        self._edge = Edge(ports[0], _Files(files, {"widget/config.json": json.dumps(config)}), "")
        self._lock = threading.Lock()
        self._go_on = threading.Event()
        self._go_on.set()

    def stop(self) -> None:
        """Close the ports."""
        self._edge.stop()
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """Begin again with no conversation."""
        self.starts.clear()
        self.conversations.clear()

    @contextmanager
    def holding_starts(self) -> Iterator[None]:
        """Answer no start in the meantime."""
        self._go_on.clear()
        try:
            yield
        finally:
            self._go_on.set()

    def start(self, request: Json, token: str | None) -> Json:
        """Begin the customer's conversation, or go on with the one they have."""
        self._go_on.wait()
        with self._lock:
            self.starts.append(request)
            customer = token or f"customer-{request['start_id']}"
            texts = self.conversations.setdefault(customer, [])
            texts.append({"id": request["start_id"], "text": request["answers"]["message"]})
        return {
            "conversation": self._conversation(customer),
            "socket_ticket": "ticket",
            "customer_token": None if token else customer,
        }

    def transcript(self, customer: str, after: int) -> Json:
        """What was said since."""
        events = [
            {
                "type": "message.sent",
                "seq": seq,
                "at": "2026-11-25T12:00:00Z",
                "message_id": said["id"],
                "sender": {"role": said.get("role", "customer"), "id": "p", "name": ""},
                "text": said["text"],
                "delivery": None,
            }
            for seq, said in enumerate(self.conversations[customer], 1)
        ]
        conversation = self._conversation(customer)
        return {"conversation": conversation, "events": events[after:], "more": False}

    def say(self, customer: str, said: Json) -> Json:
        """Add a message of the customer."""
        texts = self.conversations[customer]
        texts.append({"id": said["message_id"], "text": said["text"]})
        return {"message_id": said["message_id"], "seq": len(texts)}

    def answer(self, text: str) -> None:
        """An agent writes into the only conversation."""
        (texts,) = self.conversations.values()
        texts.append({"id": f"agent-{len(texts)}", "text": text, "role": "agent"})

    def _conversation(self, customer: str) -> Json:
        return {
            "conversation_id": customer,
            "queue_id": QUEUE,
            "queue_name": "Customer care",
            "channel": "web",
            "status": "waiting",
            "started_at": "2026-11-25T12:00:00Z",
            "position": len(self.conversations[customer]),
            "agent": None,
            "ahead": 0,
            "agents": 1,
            "wait_seconds": None,
            "away_seconds": 300,
        }


class _Files:
    """The built files in the place of their bucket."""

    def __init__(self, folder: Path, more: dict[str, str]) -> None:
        self._folder = folder
        self._more = more

    def get_object(self, *, Bucket: str, Key: str) -> Json:  # noqa: ARG002, N803
        """As boto3's client has it."""
        path = self._folder / Key
        if Key not in self._more and not path.is_file():
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        body = self._more[Key].encode() if Key in self._more else path.read_bytes()
        kind = mimetypes.guess_type(Key)[0] or "application/octet-stream"
        return {"Body": BytesIO(body), "ContentType": kind, "ETag": f'"{hash(body)}"'}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    desk: ClassVar[Desk]

    def do_OPTIONS(self) -> None:
        self._reply(HTTPStatus.NO_CONTENT, None)

    def do_GET(self) -> None:
        if self.path == f"/widget/queues/{QUEUE}":
            form = [{"options": [], **field} for field in _FORM]
            queue = {"queue_id": QUEUE, "name": "Care", "form": form, "captcha": None}
            self._reply(HTTPStatus.OK, queue)
        elif match := re.fullmatch(
            r"/widget/conversations/([^/]+)/messages\?after=(\d+)", self.path
        ):
            self._reply(HTTPStatus.OK, self.desk.transcript(match[1], int(match[2])))
        else:
            error = {"code": "not_found", "message": "There is none."}
            self._reply(
                HTTPStatus.NOT_FOUND, {"error": {**error, "field": None, "retry_after": None}}
            )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None
        if self.path == "/widget/conversations":
            self._reply(HTTPStatus.CREATED, self.desk.start(body, token))
        elif self.path.endswith("/messages"):
            self._reply(HTTPStatus.CREATED, self.desk.say(self.path.split("/")[3], body))
        else:
            ticket = {"socket_ticket": "ticket", "expires_at": "2026-11-25T12:00:00Z"}
            self._reply(HTTPStatus.CREATED, ticket)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def _reply(self, status: HTTPStatus, body: Json | None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*, Authorization, Content-Type")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
