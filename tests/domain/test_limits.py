"""How much may be asked for (D13)."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.limits import MOST_PARTS, Count, counts_of_start, parts_of, source_of
from chalicelib.domain.pace import Bucket, Pace
from tests.domain.samples import NOW, QUEUE

windows = st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds))
moments = st.integers(0, 10**7).map(lambda seconds: NOW + timedelta(seconds=seconds))
paces = st.builds(Pace, st.integers(1, 100), st.floats(0.1, 50))
SOURCE = source_of("192.0.2.1", "secret")


def counts(now: datetime, window: timedelta, source: str = SOURCE) -> tuple[Count, ...]:
    return counts_of_start(replace(QUEUE, starts_within=window), source, "ada", 0, now)


@given(moments, windows)
def test_a_window_ends_after_now_and_within_its_length(now: datetime, window: timedelta) -> None:
    for count in counts(now, window):
        assert now < count.ends_at <= now + window


@given(moments, windows)
def test_a_window_is_one_count_until_its_end_and_another_from_then_on(
    now: datetime, window: timedelta
) -> None:
    for number, count in enumerate(counts(now, window)):
        last = count.ends_at - timedelta(seconds=1)
        assert counts(max(now, last), window)[number].key == count.key
        assert counts(count.ends_at, window)[number].key != count.key


@given(st.integers(0, 10_000))
def test_the_parts_of_a_queue_hold_its_limit_together(most: int) -> None:
    queue = replace(QUEUE, starts_per_queue=most)
    parts = parts_of(queue)
    assert 1 <= parts <= MOST_PARTS
    if most:
        share = counts_of_start(queue, SOURCE, None, 0, NOW)[-1].most
        assert most <= share * parts < most + parts


def test_everybody_is_counted_for_themselves() -> None:
    keys = {
        count.key
        for queue_id in ("demo", "sales")
        for customer_id in ("ada", "bob")
        for count in counts_of_start(replace(QUEUE, id=queue_id), SOURCE, customer_id, 0, NOW)
    }
    assert len(keys) == 2 * (1 + 2 + 1)


def test_addresses_differ_with_the_secret_and_the_network() -> None:
    addresses = ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1")
    sources = {source_of(address, secret) for address in addresses for secret in ("a", "b")}
    assert len(sources) == 8
    assert source_of("2001:db8::1", "a") == source_of("2001:db8::ffff:2", "a")


@given(paces, st.lists(st.floats(0, 10), max_size=200))
def test_a_bucket_gives_no_more_than_a_burst_and_what_it_gained(
    pace: Pace, pauses: list[float]
) -> None:
    bucket, now, taken = Bucket(pace.burst, NOW), NOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        bucket = bucket.after_request(pace, now)
        taken += not bucket.is_overdrawn
    assert taken <= pace.burst + (now - NOW).total_seconds() * pace.per_second + 1e-3


@given(paces, st.integers(0, 300))
def test_who_waits_as_long_as_they_are_told_is_let_through(pace: Pace, requests: int) -> None:
    bucket = Bucket(pace.burst, NOW)
    for _ in range(requests):
        bucket = bucket.after_request(pace, NOW)
    later = NOW + timedelta(seconds=bucket.wait(pace) + 1e-3)
    assert not bucket.after_request(pace, later).is_overdrawn
