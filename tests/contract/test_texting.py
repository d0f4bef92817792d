"""Texts: the phones of the tests, and Twilio's client against the local stand-in."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.twilio import TwilioTexting
from chalicelib.domain.texting import TEXT_LENGTH, text_length
from chalicelib.ports import Text, TextDelayed, Texting, TextRefused
from infra.local.phone.server import PhoneServer
from infra.local.phone.settings import PhoneSettings
from infra.local.phone.store import MessageFilter
from proof import fakes

OURS, THEIRS = "+15550100000", "+15550101234"
ACCOUNT_SID, AUTH_TOKEN = "AC" + 31 * "0" + "1", "token-of-the-tests"

# The stand-in knows numbers by their endings.
NOT_A_MOBILE, FLAKY, BUSY = "+15550100004", "+15550100005", "+15550100007"


class Case(ABC):
    """A provider of texts, and what became of them."""

    texting: Texting

    @abstractmethod
    def sent(self) -> list[tuple[str, str, str]]:
        """Sender, recipient and text of each, in order."""

    @abstractmethod
    def trouble(self, number: str) -> None:
        """Let this number be in the trouble that its ending stands for."""

    @abstractmethod
    def stop(self) -> None: ...


class FakeCase(Case):
    def __init__(self, _folder: Path) -> None:
        self.texting = self._phones = fakes.Phones()

    def sent(self) -> list[tuple[str, str, str]]:
        return [(text.sender, text.to, text.body) for text in self._phones.texts]

    def trouble(self, number: str) -> None:
        self._phones.refuse_with = 21614 if number == NOT_A_MOBILE else None
        self._phones.is_down = number in (FLAKY, BUSY)
        self._phones.asked_pause = timedelta(seconds=3) if number == BUSY else None

    def stop(self) -> None:
        pass


class TwilioCase(Case):
    def __init__(self, folder: Path) -> None:
        # Nobody listens for the callbacks, which come from a thread of their own.
        nobody = "http://127.0.0.1:9"
        settings = PhoneSettings(
            ACCOUNT_SID, AUTH_TOKEN, OURS, nobody, folder, step_delay=0, retries=0, timeout=1
        )
        self._server = PhoneServer(settings)
        self._server.start()
        url = self._server.url
        self.texting = TwilioTexting(ACCOUNT_SID, AUTH_TOKEN, url, nobody)

    def sent(self) -> list[tuple[str, str, str]]:
        messages = self._server.app.store.messages(MessageFilter(), 99)
        return [(m.sender or "", m.recipient, m.body) for m in reversed(messages)]

    def trouble(self, number: str) -> None:
        assert number in (NOT_A_MOBILE, FLAKY, BUSY)

    def callbacks(self) -> list[str]:
        """Where Twilio is asked to tell what became of each text."""
        return [m.status_callback for m in self._server.app.store.messages(MessageFilter(), 99)]

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture(params=[FakeCase, TwilioCase])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    case = request.param(tmp_path / "phone")
    yield case
    case.stop()


def text(body: str = "Hello", to: str = THEIRS, seq: int = 5) -> Text:
    return Text(OURS, to, body, "c1", seq)


def test_texts_arrive_in_order(case: Case) -> None:
    bodies = ["Hello", "How are you? 🚲", "Zwei\nZeilen & <mehr>"]
    for seq, body in enumerate(bodies, start=5):
        case.texting.send(text(body, seq=seq))
    assert case.sent() == [(OURS, THEIRS, body) for body in bodies]


def test_what_can_never_be_sent_is_refused_with_its_reason(case: Case) -> None:
    case.trouble(NOT_A_MOBILE)
    with pytest.raises(TextRefused) as refused:
        case.texting.send(text(to=NOT_A_MOBILE))
    assert refused.value.code == 21614
    assert case.sent() == []


def test_trouble_that_passes_is_no_refusal(case: Case) -> None:
    case.trouble(FLAKY)
    with pytest.raises(TextDelayed):
        case.texting.send(text(to=FLAKY))
    assert case.sent() == []


def test_the_provider_may_ask_for_a_pause(case: Case) -> None:
    case.trouble(BUSY)
    with pytest.raises(TextDelayed) as delayed:
        case.texting.send(text(to=BUSY))
    assert delayed.value.pause == timedelta(seconds=3)


def test_a_text_as_long_as_we_let_it_be_is_taken(case: Case) -> None:
    """Counted as ``text_length`` counts, and the provider."""
    for body in (TEXT_LENGTH * "a", TEXT_LENGTH // 2 * "😀"):
        case.texting.send(text(body))
    assert [text_length(body) for _, _, body in case.sent()] == [TEXT_LENGTH] * 2


def test_twilio_is_told_which_message_its_callbacks_are_about(tmp_path: Path) -> None:
    case = TwilioCase(tmp_path / "phone")
    try:
        case.texting.send(text(seq=7))
        (url,) = case.callbacks()
    finally:
        case.stop()
    address, _, overrides = url.partition("#")
    assert address == "http://127.0.0.1:9/twilio/status?conversation=c1&message=7"
    assert overrides == "rc=3&rp=all", "Twilio is asked to try again, whatever went wrong."


def test_the_same_text_again_gets_through_when_the_trouble_is_over(case: Case) -> None:
    case.trouble(FLAKY)
    with pytest.raises(TextDelayed):
        case.texting.send(text(to=FLAKY))
    if isinstance(case, FakeCase):
        case.trouble(THEIRS)
    case.texting.send(text(to=FLAKY))
    assert case.sent() == [(OURS, FLAKY, "Hello")]
