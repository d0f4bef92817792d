"""Time and randomness: the desk's of the tests, and the machine's."""

import re
from datetime import UTC, timedelta

import pytest

from chalicelib.adapters import system
from chalicelib.adapters.system import SystemClock, SystemIds
from chalicelib.ports import Clock, Ids
from proof import fakes


@pytest.fixture(params=["fake", "system"])
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr("chalicelib.adapters.system.time.sleep", lambda _: None)
    return fakes.Clock() if request.param == "fake" else SystemClock()


@pytest.fixture(params=["fake", "system"])
def ids(request: pytest.FixtureRequest) -> Ids:
    return fakes.Ids() if request.param == "fake" else SystemIds()


def test_now_is_in_utc_and_whole_milliseconds(clock: Clock) -> None:
    now = clock.now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0


def test_time_does_not_go_back(clock: Clock) -> None:
    times = []
    for attempt in range(8):
        times.append(clock.now())
        clock.pause(attempt)
    assert times == sorted(times)
    assert all(time.microsecond % 1000 == 0 for time in times)
    assert times[-1] - times[0] < timedelta(minutes=1)


def test_ids_are_new_and_fit_for_keys(ids: Ids) -> None:
    made = [ids.new() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(re.fullmatch("[0-9a-f]{24}", id) for id in made)


def test_secrets_have_at_least_128_random_bits(ids: Ids) -> None:
    made = [ids.secret() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(re.fullmatch("[A-Za-z0-9_-]{22,64}", secret) for secret in made)
    firsts, lasts = {secret[:8] for secret in made}, {secret[-8:] for secret in made}
    assert len(firsts) == len(lasts) == 1000


def test_the_machine_waits_longer_with_each_attempt_but_never_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    longest: list[float] = []
    monkeypatch.setattr("chalicelib.adapters.system.random.uniform", lambda _, most: most)
    monkeypatch.setattr("chalicelib.adapters.system.time.sleep", longest.append)
    for attempt in range(12):
        SystemClock().pause(attempt)
    assert longest == sorted(longest)
    assert longest[0] == system.FIRST_PAUSE
    assert longest[-1] == system.LONGEST_PAUSE
