"""The statuses of outgoing messages, as the application hears of them."""

from dataclasses import replace

import pytest
from twilio.rest import Client

from infra.local.phone.server import PhoneServer
from infra.local.phone.settings import PhoneSettings
from tests.phone.conftest import ACCOUNT_SID, AUTH_TOKEN, OUR_NUMBER, Control, LocalHttpClient
from tests.phone.receiver import Receiver, until


@pytest.mark.parametrize(
    ("to", "statuses", "error", "outcome"),
    [
        ("+15550101234", ["queued", "sent", "delivered"], None, "delivered"),
        ("+15550100001", ["queued", "sent", "undelivered"], 30003, "undelivered"),
        ("+15550100002", ["queued", "failed"], 30006, "failed"),
        (
            "+15550100003",
            ["sent", "delivered", "queued", "delivered", "sent"],
            None,
            "delivered",
        ),
        ("+15550100006", ["queued", "sent", "undelivered"], 30007, "undelivered"),
    ],
)
def test_callbacks_follow_the_number(
    client: Client,
    receiver: Receiver,
    to: str,
    statuses: list[str],
    error: int | None,
    outcome: str,
) -> None:
    made = client.messages.create(
        to=to, from_=OUR_NUMBER, body="Hello", status_callback=receiver.url
    )

    until(lambda: len(receiver.forms) == len(statuses))
    assert receiver.statuses() == statuses
    assert all(receiver.is_signed)
    first, last = receiver.forms[0], receiver.forms[-1]
    assert first == {
        "MessageSid": made.sid,
        "SmsSid": made.sid,
        "MessageStatus": statuses[0],
        "SmsStatus": statuses[0],
        "To": to,
        "From": OUR_NUMBER,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
    }
    assert last.get("ErrorCode") == (str(error) if error else None)
    fetched = client.messages(made.sid).fetch()
    assert (fetched.status, fetched.error_code) == (outcome, error)


def test_whatsapp_needs_a_template_outside_the_window(
    client: Client, control: Control, receiver: Receiver
) -> None:
    customer, ours = "whatsapp:+15550101234", f"whatsapp:{OUR_NUMBER}"

    def outcome(**content: str) -> tuple[str, int | None]:
        made = client.messages.create(to=customer, from_=ours, **content)
        until(lambda: client.messages(made.sid).fetch().status in ("delivered", "failed"))
        message = client.messages(made.sid).fetch()
        return message.status, message.error_code

    assert outcome(body="Hello") == ("failed", 63016)
    assert outcome(content_sid="HX" + "1" * 32) == ("delivered", None)
    control.write(customer, "Hi there")
    assert (receiver.forms[0]["From"], receiver.forms[0]["To"]) == (customer, ours)
    assert receiver.forms[0]["WaId"] == "15550101234"
    assert outcome(body="Hello") == ("delivered", None)


def test_a_restart_takes_up_what_was_under_way(settings: PhoneSettings, receiver: Receiver) -> None:
    slow = PhoneServer(replace(settings, step_delay=3600))
    slow.start()
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=LocalHttpClient(slow.url))
    made = client.messages.create(
        to="+15550101234", from_=OUR_NUMBER, body="Later", status_callback=receiver.url
    )
    slow.stop()
    assert receiver.forms == []

    again = PhoneServer(settings)
    again.start()
    try:
        until(lambda: len(receiver.forms) == 3)
        assert receiver.statuses() == ["queued", "sent", "delivered"]
        kept = Control(again.url).messages("+15550101234")
        assert [(one["sid"], one["body"]) for one in kept] == [(made.sid, "Later")]
    finally:
        again.stop()
