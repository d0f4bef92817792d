"""Twilio's API, through Twilio's own client."""

import base64
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from infra.local.phone.server import PhoneServer
from infra.local.phone.store import MessageFilter
from tests.phone.conftest import ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBER, Control, LocalHttpClient
from tests.phone.receiver import Receiver, until

CUSTOMER = "+15550101234"


def refusal(client: Client, **message: Any) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(**message)
    return caught.value


def test_a_message_is_accepted_and_can_be_read_back(client: Client) -> None:
    made = client.messages.create(to=CUSTOMER, from_=OUR_NUMBER, body="Hello 👋")

    assert made.sid.startswith("SM")
    assert len(made.sid) == 34
    assert (made.status, made.direction, made.num_segments) == ("queued", "outbound-api", "1")
    assert made.error_code is None
    assert abs(datetime.now(UTC) - made.date_created) < timedelta(seconds=5)
    fetched = client.messages(made.sid).fetch()
    assert (fetched.body, fetched.to, fetched.from_) == ("Hello 👋", CUSTOMER, OUR_NUMBER)
    until(lambda: client.messages(made.sid).fetch().status == "delivered")


def test_wrong_credentials_are_refused(server: PhoneServer) -> None:
    for sid, token in ((ACCOUNT_SID, "wrong"), ("AC" + "9" * 32, AUTH_TOKEN)):
        stranger = Client(sid, token, http_client=LocalHttpClient(server.url))
        error = refusal(stranger, to=CUSTOMER, from_=OUR_NUMBER, body="Hello")
        assert (error.status, error.code) == (401, 20003)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"to": "", "from_": OUR_NUMBER, "body": "x"}, 21604),
        ({"to": CUSTOMER, "body": "x"}, 21603),
        ({"to": "5551234567", "from_": OUR_NUMBER, "body": "x"}, 21211),
        ({"to": "fax:+15550101234", "from_": OUR_NUMBER, "body": "x"}, 21211),
        ({"to": CUSTOMER, "from_": "+15550109999", "body": "x"}, 21606),
        ({"to": "whatsapp:" + CUSTOMER, "from_": OUR_NUMBER, "body": "x"}, 21606),
        ({"to": OUR_NUMBER, "from_": OUR_NUMBER, "body": "x"}, 21266),
        ({"to": CUSTOMER, "from_": OUR_NUMBER}, 21602),
        ({"to": CUSTOMER, "from_": OUR_NUMBER, "body": "x" * 1601}, 21617),
        ({"to": CUSTOMER, "from_": OUR_NUMBER, "media_url": ["https://a/b"] * 11}, 21623),
        ({"to": CUSTOMER, "from_": OUR_NUMBER, "media_url": ["nowhere"]}, 21620),
        ({"to": CUSTOMER, "from_": OUR_NUMBER, "body": "x", "status_callback": "/a"}, 21609),
        ({"to": "+15550100004", "from_": OUR_NUMBER, "body": "x"}, 21614),
    ],
)
def test_what_twilio_refuses_is_refused(
    client: Client, server: PhoneServer, message: dict[str, Any], code: int
) -> None:
    error = refusal(client, **message)

    assert (error.status, error.code) == (400, code)
    assert server.app.store.messages(MessageFilter(), 1) == []


def test_the_longest_body_is_accepted(client: Client) -> None:
    made = client.messages.create(to=CUSTOMER, from_=OUR_NUMBER, body="x" * 1600)

    assert made.num_segments == "11"


def test_a_messaging_service_picks_the_sender_later(client: Client) -> None:
    service = "MG" + "a" * 32
    made = client.messages.create(to=CUSTOMER, messaging_service_sid=service, body="Hello")

    assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
    until(lambda: client.messages(made.sid).fetch().from_ == OUR_NUMBER)


def test_a_customers_picture_needs_the_accounts_credentials(
    control: Control, receiver: Receiver
) -> None:
    picture = {"content_type": "image/png", "content": base64.b64encode(b"\x89PNG").decode()}
    sent = control.write(CUSTOMER, "Look", media=[picture, picture])

    form = receiver.forms[0]
    assert (form["NumMedia"], form["MediaContentType1"]) == ("2", "image/png")
    assert sent["sid"].startswith("MM")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(form["MediaUrl1"])
    login = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    request = urllib.request.Request(form["MediaUrl1"], headers={"Authorization": f"Basic {login}"})
    with urllib.request.urlopen(request) as response:
        assert response.headers["Content-Type"] == "image/png"
        assert response.read() == b"\x89PNG"


def test_a_flaky_number_takes_the_second_attempt(client: Client) -> None:
    message = {"to": "+15550100005", "from_": OUR_NUMBER, "body": "Once more"}

    assert refusal(client, **message).status == 503
    assert client.messages.create(**message).status == "queued"
