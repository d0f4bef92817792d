"""What the application hears when a customer writes on a phone."""

from dataclasses import replace

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from infra.local.phone.server import PhoneServer
from infra.local.phone.settings import PhoneSettings
from tests.phone.conftest import ACCOUNT_SID, OUR_NUMBER, Control
from tests.phone.receiver import EMPTY_TWIML, Receiver, until

CUSTOMER = "+15550101234"


def test_a_message_reaches_the_webhook_signed_and_complete(
    control: Control, receiver: Receiver
) -> None:
    sent = control.write(CUSTOMER, "Is my bike ready? 🚲")

    [form] = receiver.forms
    assert receiver.is_signed == [True]
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sent["sid"]
    assert form["Body"] == "Is my bike ready? 🚲"
    assert (form["From"], form["To"]) == (CUSTOMER, OUR_NUMBER)
    assert (form["AccountSid"], form["ApiVersion"]) == (ACCOUNT_SID, "2010-04-01")
    assert (form["NumMedia"], form["NumSegments"], form["ToCountry"]) == ("0", "1", "US")
    assert form["FromCity"] == ""
    assert "UnannouncedField" in form
    assert "OptOutType" not in form
    assert sent["status"] == "received"
    assert sent["webhook"] == {"status": 200, "body": EMPTY_TWIML, "attempts": 1, "error": ""}


def test_the_same_message_can_be_sent_twice(control: Control, receiver: Receiver) -> None:
    sid = "SM" + "c" * 32

    for _ in range(2):
        assert control.write(CUSTOMER, "Twice", message_sid=sid)["sid"] == sid

    assert [form["MessageSid"] for form in receiver.forms] == [sid, sid]
    assert len(control.messages(CUSTOMER)) == 1


def test_a_failing_webhook_is_tried_again_with_the_same_request(
    control: Control, receiver: Receiver
) -> None:
    receiver.answers = [(500, ""), (503, "")]

    sent = control.write(CUSTOMER, "Try again")

    assert sent["webhook"]["attempts"] == 3
    assert sent["status"] == "received"
    assert receiver.forms[0] == receiver.forms[1] == receiver.forms[2]
    tokens = {headers["I-Twilio-Idempotency-Token"] for headers in receiver.headers}
    assert len(tokens) == 1


@pytest.mark.parametrize(("status", "attempts"), [(500, 3), (403, 1), (302, 1)])
def test_the_phone_shows_that_the_webhook_failed(
    control: Control, receiver: Receiver, status: int, attempts: int
) -> None:
    receiver.answers = [(status, "")] * 3

    sent = control.write(CUSTOMER, "Hello?")

    assert (sent["status"], sent["webhook"]["attempts"]) == ("failed", attempts)
    [shown] = control.messages(CUSTOMER)
    assert (shown["status"], shown["webhook_status"]) == ("failed", status)
    assert str(status) in shown["error"]


def test_the_phone_shows_that_nobody_listens(unreachable: PhoneSettings) -> None:
    server = PhoneServer(unreachable)
    server.start()
    try:
        sent = Control(server.url).write(CUSTOMER, "Hello?")
    finally:
        server.stop()

    assert (sent["status"], sent["webhook"]["status"]) == ("failed", None)
    assert "No connection" in sent["error"]


def test_a_message_verb_is_sent_as_a_reply(control: Control, receiver: Receiver) -> None:
    receiver.answers = [(200, "<Response><Message>We are on it</Message></Response>")]

    control.write(CUSTOMER, "Hello")

    reply = until(lambda: control.messages(CUSTOMER)[1:])[0]
    assert (reply["direction"], reply["body"]) == ("outbound-reply", "We are on it")


def test_an_answer_that_is_not_twiml_is_shown(control: Control, receiver: Receiver) -> None:
    receiver.answers = [(200, "thanks <3")]

    sent = control.write(CUSTOMER, "Hello")

    assert sent["status"] == "received"
    assert "12100" in sent["error"]


@pytest.mark.parametrize("word", ["STOP", " stopall ", "Unsubscribe", "END", "quit", "CANCEL"])
def test_stop_opts_out_until_start(
    client: Client, control: Control, receiver: Receiver, word: str
) -> None:
    message = {"to": CUSTOMER, "from_": OUR_NUMBER, "body": "News"}

    control.write(CUSTOMER, word)
    assert receiver.forms[-1]["OptOutType"] == "STOP"
    assert control.call("GET", "/phones")[1]["phones"][0]["opted_out"] is True
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(**message)
    assert caught.value.code == 21610

    control.write(CUSTOMER, "start")
    assert receiver.forms[-1]["OptOutType"] == "START"
    assert client.messages.create(**message).status == "queued"


def test_the_confirmation_of_stop_arrives_once(control: Control) -> None:
    for word in ("STOP", "STOP", "Please stop calling", "HELP"):
        control.write(CUSTOMER, word)

    replies = [one["body"] for one in control.messages(CUSTOMER) if "reply" in one["direction"]]
    assert [reply.split()[0] for reply in replies] == ["You", "Reply"]


def test_fields_of_the_form_can_be_added_and_replaced(control: Control, receiver: Receiver) -> None:
    control.write(CUSTOMER, "Here", fields={"Latitude": "55.6", "AccountSid": "AC" + "2" * 32})

    assert receiver.forms[0]["Latitude"] == "55.6"
    assert receiver.forms[0]["AccountSid"] == "AC" + "2" * 32
    assert receiver.is_signed == [True]


def test_the_retry_count_of_the_url_is_heeded_and_not_sent(
    settings: PhoneSettings, receiver: Receiver
) -> None:
    server = PhoneServer(replace(settings, webhook_url=f"{receiver.url}#rc=0&rp=all"))
    server.start()
    receiver.answers = [(500, "")] * 2
    try:
        sent = Control(server.url).write(CUSTOMER, "Once only")
    finally:
        server.stop()

    assert sent["webhook"]["attempts"] == 1
    assert receiver.is_signed == [True]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("12345", "+15550101234"),
        ("BRAND X", "+15550101234"),
        ("messenger:1234567890", "messenger:9876543210123456"),
        ("rcs:brand_x_agent", "rcs:+15550101234"),
        ("whatsapp:+15550109999", "whatsapp:+15550101234"),
    ],
)
def test_a_phone_writes_to_any_line_of_the_company(
    control: Control, receiver: Receiver, client: Client, line: str, number: str
) -> None:
    """And is answered from there, and from no line that it did not write to."""
    control.write(number, "Hello", to=line)
    (form,) = receiver.forms
    assert (form["To"], form["From"]) == (line, number)
    assert receiver.is_signed == [True]
    assert client.messages.create(to=number, from_=line, body="Good morning").from_ == line
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=number, from_="54321", body="Good morning")
    assert refused.value.code == 21606


@pytest.mark.parametrize("line", [5, "1", "viber:brand", "messenger:page", "+1"])
def test_what_is_no_line_cannot_be_written_to(control: Control, line: object) -> None:
    draft = {"body": "Hello", "to": line}
    status, answer = control.call("POST", f"/phones/{CUSTOMER}/messages", draft)
    assert status == 400
    assert "line of the company" in str(answer)
