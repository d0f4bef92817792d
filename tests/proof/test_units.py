"""Units and prices by hand."""

import pytest

from proof.benchmarks.prices import FLOOR, MILLION, Bill
from proof.benchmarks.units import Units, index_write_units, read_units, write_units


def item(size: int, **attributes: str) -> dict[str, dict[str, str]]:
    """An item of so many bytes."""
    made = {name: {"S": value} for name, value in attributes.items()}
    used = sum(len(name) + len(value["S"]) for name, value in made.items())
    return {**made, "x": {"S": "x" * (size - used - 1)}}


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(0, True, 1), (0, False, 0.5), (4096, True, 1), (4097, True, 2), (4097, False, 1)],
)
def test_reads_count_in_blocks_of_four_kilobytes(size: int, consistent: bool, units: float) -> None:
    assert read_units(size, consistent) == units


def test_a_write_counts_the_larger_of_before_and_after() -> None:
    assert write_units(None, item(1024)) == 1
    assert write_units(None, item(1025)) == 2
    assert write_units(item(3000), item(10)) == 3
    assert write_units(item(3000), None) == 3
    assert write_units(None, None) == 1


def test_an_index_is_written_only_when_its_entry_changes() -> None:
    free, freer = item(500, pk="a", rank="1"), item(500, pk="a", rank="2")
    busy = item(500, pk="a")
    assert index_write_units(free, free, ("rank",), None) == 0
    assert index_write_units(busy, busy, ("rank",), None) == 0
    assert index_write_units(busy, free, ("rank",), None) == 1
    assert index_write_units(free, busy, ("rank",), None) == 1
    assert index_write_units(free, freer, ("rank",), None) == 2
    assert index_write_units(free, {**free, "y": {"S": "y"}}, ("rank",), None) == 1


def test_an_index_that_keeps_keys_ignores_the_rest() -> None:
    before = item(500, pk="a", due="1")
    after = {**before, "y": {"S": "y"}}
    assert index_write_units(before, after, ("due",), ("pk", "due")) == 0


def test_units_add_up() -> None:
    assert sum([Units(1, 2), Units(0.5, 3)], Units()) == Units(1.5, 5)


def test_bills_follow_the_list_prices() -> None:
    bill = Bill({"REST requests": 2, "Lambda requests": 10}).times(MILLION)
    assert bill.items == pytest.approx({"REST requests": 7.0, "Lambda requests": 2.0})
    assert bill.total == pytest.approx(9.0)
    assert Bill(FLOOR).times(MILLION).total == pytest.approx(5.125)
