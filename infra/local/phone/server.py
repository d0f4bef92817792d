"""The stand-in as one server: Twilio's API, the control API and the page."""

import json
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from infra.local.phone.api import TwilioApi
from infra.local.phone.carrier import Carrier
from infra.local.phone.control import ControlApi
from infra.local.phone.errors import ControlError
from infra.local.phone.inbox import Inbox
from infra.local.phone.serving import LocalServer
from infra.local.phone.settings import API_VERSION, PhoneSettings
from infra.local.phone.store import PhoneStore
from infra.local.phone.timeline import Timeline
from infra.local.phone.webhooks import WebhookSender

_STATIC = Path(__file__).parent / "static"
_MESSAGES = f"/{API_VERSION}/Accounts/<account>/Messages"
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob: http: https:; media-src 'self' http: https:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_ROUTES = Map(
    [
        Rule(f"{_MESSAGES}.json", methods=["POST"], endpoint="twilio.create"),
        Rule(f"{_MESSAGES}/<sid>.json", methods=["GET"], endpoint="twilio.fetch"),
        Rule(f"{_MESSAGES}/<message>/Media/<sid>", methods=["GET"], endpoint="twilio.media"),
        Rule("/state", methods=["GET"], endpoint="state"),
        Rule("/events", methods=["GET"], endpoint="events"),
        Rule("/phones", methods=["GET"], endpoint="phones.list"),
        Rule("/phones", methods=["POST"], endpoint="phones.add"),
        Rule("/phones/<number>", methods=["PATCH"], endpoint="phones.change"),
        Rule("/phones/<number>", methods=["DELETE"], endpoint="phones.remove"),
        Rule("/phones/<number>/messages", methods=["GET"], endpoint="messages.list"),
        Rule("/phones/<number>/messages", methods=["POST"], endpoint="messages.send"),
        Rule("/media/<message>/<sid>", methods=["GET"], endpoint="media"),
        Rule("/", methods=["GET"], endpoint="page"),
        Rule("/static/<name>", methods=["GET"], endpoint="static"),
    ]
)

Endpoint = Callable[..., Response]


class PhoneApp:
    """The WSGI application, with everything behind it."""

    def __init__(self, settings: PhoneSettings) -> None:
        self.store = PhoneStore(settings.data)
        self._timeline = Timeline()
        self._webhooks = WebhookSender(settings)
        carrier = Carrier(settings, self.store, self._webhooks, self._timeline)
        inbox = Inbox(settings, self.store, self._webhooks, carrier)
        self._twilio = TwilioApi(settings, self.store, carrier)
        self._endpoints = self._control_endpoints(ControlApi(settings, self.store, inbox))
        carrier.resume()

    def close(self) -> None:
        """Stop what is under way and close the store."""
        self._timeline.stop()
        self._webhooks.stop()
        self.store.close()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        return self._respond(request)(environ, start)

    def _respond(self, request: Request) -> Response:
        try:
            endpoint, values = _ROUTES.bind_to_environ(request.environ).match()
            if endpoint.startswith("twilio."):
                return self._twilio_call(endpoint, request, dict(values))
            return self._endpoints[endpoint](request, **values)
        except ControlError as error:
            body = json.dumps({"error": error.message})
            return Response(body, status=error.status, content_type="application/json")
        except HTTPException as error:
            return Response(f"{error.code} {error.name}\n", status=error.code or 500)

    def _twilio_call(self, endpoint: str, request: Request, values: dict[str, Any]) -> Response:
        twilio, account = self._twilio, values.pop("account")
        calls: dict[str, Callable[[], Response]] = {
            "twilio.create": lambda: twilio.create(request),
            "twilio.fetch": lambda: twilio.fetch(values["sid"]),
            "twilio.media": lambda: twilio.media(values["message"], values["sid"]),
        }
        return twilio.answer(request, account, calls[endpoint])

    def _control_endpoints(self, control: ControlApi) -> dict[str, Endpoint]:
        return {
            "state": lambda _: control.state(),
            "events": lambda _: control.events(),
            "phones.list": lambda _: control.phones(),
            "phones.add": control.add_phone,
            "phones.change": control.change_phone,
            "phones.remove": lambda _, number: control.remove_phone(number),
            "messages.list": lambda _, number: control.messages(number),
            "messages.send": control.send,
            "media": lambda _, message, sid: control.media(message, sid),
            "page": lambda _: _static("index.html"),
            "static": lambda _, name: _static(name),
        }


class PhoneServer:
    """The stand-in on a port of this machine. Port 0 takes any free one."""

    def __init__(self, settings: PhoneSettings, port: int = 0) -> None:
        self._server = LocalServer(port)
        self.url = self._server.url
        self.settings = replace(settings, api_url=settings.api_url or self.url)
        self.app = PhoneApp(self.settings)
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Serve on a background thread, for tests."""
        self._stop = self._server.start(self.app)

    def run(self) -> None:
        """Serve until SIGTERM or Ctrl-C."""
        try:
            self._server.run(self.app)
        finally:
            self.app.close()

    def stop(self) -> None:
        """Stop what `start` started."""
        self._stop()
        self.app.close()


def _static(name: str) -> Response:
    path = _STATIC / name
    if path.parent != _STATIC or not path.is_file():
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _PAGE_POLICY}
    return Response(path.read_bytes(), content_type=f"{kind}; charset=utf-8", headers=headers)
