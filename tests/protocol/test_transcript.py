"""The transcript algorithm of docs/protocol.md: whatever is pushed how, all of it is held."""

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.python import Json, Transcript


def _message(seq: int) -> Json:
    return {"type": "message.sent", "seq": seq, "text": f"text {seq}"}


def _frame(after: int, seq: int) -> Json:
    return {"type": "event", "conversation_id": "c", "after": after, "event": _message(seq)}


def _reply(after: int, *seqs: int, position: int, more: bool = False) -> Json:
    return {
        "conversation": {"status": "active"},
        "events": [_message(seq) for seq in seqs if seq > after],
        "position": position,
        "more": more,
    }


def _numbers(transcript: Transcript) -> list[int]:
    return [event["seq"] for event in transcript.events]


def test_pushes_in_order_need_no_fetch() -> None:
    transcript = Transcript()
    assert not transcript.push(_frame(0, 1))
    assert not transcript.push(_frame(1, 4))
    assert transcript.position == 4
    assert transcript.texts == ["text 1", "text 4"]


def test_a_push_behind_a_gap_is_shown_and_asks_for_a_fetch() -> None:
    transcript = Transcript()
    assert transcript.push(_frame(3, 4))
    assert transcript.position == 0
    assert _numbers(transcript) == [4]


def test_a_fetch_closes_the_gap() -> None:
    transcript = Transcript()
    transcript.push(_frame(3, 4))
    assert not transcript.take(_reply(0, 1, 3, 4, position=4))
    assert transcript.position == 4
    assert _numbers(transcript) == [1, 3, 4]


def test_a_push_that_comes_twice_or_late_changes_nothing() -> None:
    transcript = Transcript()
    for frame in (_frame(0, 1), _frame(1, 2), _frame(1, 2), _frame(0, 1)):
        assert not transcript.push(frame)
    assert transcript.position == 2
    assert _numbers(transcript) == [1, 2]


def test_an_old_reply_does_not_move_the_position_back() -> None:
    transcript = Transcript()
    transcript.push(_frame(0, 1))
    transcript.push(_frame(1, 2))
    transcript.take(_reply(0, 1, position=1))
    assert transcript.position == 2


@pytest.mark.parametrize(("position", "again"), [(2, True), (0, False)])
def test_more_is_asked_for_as_long_as_the_position_moves(position: int, again: bool) -> None:
    assert Transcript().take(_reply(0, 1, 2, position=position, more=True)) is again


def test_synced_tells_whether_something_is_missing() -> None:
    transcript = Transcript()
    transcript.push(_frame(0, 3))
    assert transcript.lags(4)
    assert not transcript.lags(3)


@dataclass
class _Server:
    """What the protocol promises of a server: numbers, some of them hidden, and pages."""

    hidden: set[int]
    newest: int = 0
    page: int = 3
    pushes: list[Json] = field(default_factory=list)

    @property
    def visible(self) -> list[int]:
        return [seq for seq in range(1, self.newest + 1) if seq not in self.hidden]

    def happen(self) -> None:
        before = max(self.visible, default=0)
        self.newest += 1
        if self.newest not in self.hidden:
            self.pushes.append(_frame(before, self.newest))

    def read(self, after: int) -> Json:
        numbers = range(after + 1, min(self.newest, after + self.page) + 1)
        seen = [seq for seq in numbers if seq not in self.hidden]
        position = after + len(numbers)
        return _reply(after, *seen, position=position, more=position < self.newest)


def _fetch(transcript: Transcript, server: _Server) -> None:
    while transcript.take(server.read(transcript.position)):
        pass


@given(
    st.sets(st.integers(1, 12)),
    st.lists(st.sampled_from(["happen", "deliver", "repeat", "lose"]), max_size=40),
    st.randoms(use_true_random=False),
)
def test_nothing_is_missing_after_a_sync(
    hidden: set[int], steps: list[str], chance: Random
) -> None:
    server, transcript = _Server(hidden), Transcript()
    for step in steps:
        if step == "happen":
            server.happen()
            continue
        if not server.pushes:
            continue
        frame = chance.choice(server.pushes)
        if step != "repeat":
            server.pushes.remove(frame)
        if step != "lose" and transcript.push(frame):
            _fetch(transcript, server)
        held = [seq for seq in server.visible if seq <= transcript.position]
        assert set(held) <= set(_numbers(transcript))
    if transcript.lags(max(server.visible, default=0)):
        _fetch(transcript, server)
    assert _numbers(transcript) == server.visible
