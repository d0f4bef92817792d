"""Flows measured at desks of several sizes, and held against their budgets."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf

from proof.benchmarks.calls import Call, Meter
from proof.benchmarks.crowd import gather
from proof.benchmarks.desk import open_desk
from proof.benchmarks.flows import Act, Budget, Flow
from proof.benchmarks.tables import Tables
from proof.benchmarks.units import Units

SIZES = (10, 100, 1_000, 10_000)

SETTLED = 100
"""From this size on nothing may grow: pages are full, and places are counted no further."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act cost. ``until_seen`` is None where nobody was to see anything."""

    until_seen: int | None
    calls: int
    posts: int
    units: Units
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A flow, what it cost at each size, and what is wrong with that."""

    flow: Flow
    costs: dict[int, Cost]
    faults: tuple[str, ...]


def measure(flows: Iterable[Flow], sizes: Iterable[int]) -> list[Measured]:
    """Every flow at every size. The crowd of a size is gathered once."""
    chosen = list(flows)
    costs: dict[str, dict[int, Cost]] = {flow.name: {} for flow in chosen}
    for size in sizes:
        meter = Meter()
        tables = Tables(meter)
        with open_desk(meter, tables) as desk:
            gather(desk, size)
        crowd = tables.snapshot()
        gc.freeze()  # The crowd stays: to look through it again and again for garbage takes long.
        for flow in chosen:
            tables.restore(crowd)
            with open_desk(meter, tables) as desk:
                desk.warm_worker()
                costs[flow.name][size] = _cost_of(flow.prepare(desk), meter)
        gc.unfreeze()
    return [
        Measured(flow, costs[flow.name], tuple(_faults(flow.budget, costs[flow.name])))
        for flow in chosen
    ]


def _cost_of(act: Act, meter: Meter) -> Cost:
    meter.take()
    act.run()
    return cost_of(meter.take(), act)


def cost_of(calls: list[Call], act: Act) -> Cost:
    """What these calls came to."""
    seen = next((n for n, call in enumerate(calls, start=1) if act.is_seen(call)), None)
    return Cost(
        seen,
        len(calls),
        sum(call.service == "sockets" for call in calls),
        sum((call.units for call in calls), Units()),
        tuple(call.operation for call in calls),
    )


def _faults(budget: Budget, costs: dict[int, Cost]) -> Iterator[str]:
    checks: tuple[tuple[str, float | None, Callable[[Cost], float]], ...] = (
        ("calls until it is seen", budget.until_seen, _until_seen),
        ("calls", budget.calls, lambda cost: cost.calls),
        ("read units", budget.reads, lambda cost: cost.units.read),
        ("write units", budget.writes, lambda cost: cost.units.write),
    )
    for what, most, measure_of in checks:
        size = max(costs, key=lambda size: measure_of(costs[size]))
        measured = measure_of(costs[size])
        if most is not None and measured > most:
            yield f"{measured:g} {what}, at most {most:g}, with {size:,} agents"
    operations = {operation for cost in costs.values() for operation in cost.operations}
    if budget.is_plain and not operations.isdisjoint(("TransactWriteItems", "Scan")):
        yield "a transaction or a scan"
    yield from _growth(costs)


def _until_seen(cost: Cost) -> float:
    return inf if cost.until_seen is None else cost.until_seen


def _growth(costs: dict[int, Cost]) -> Iterator[str]:
    settled = [cost for size, cost in sorted(costs.items()) if size >= SETTLED]
    if not settled:
        return
    first, last = settled[0], settled[-1]
    if last.calls > first.calls:
        yield f"calls grow from {first.calls} to {last.calls}"
    if last.units.read > first.units.read:
        yield f"read units grow from {first.units.read:g} to {last.units.read:g}"
    if last.units.write > first.units.write:
        yield f"write units grow from {first.units.write:g} to {last.units.write:g}"
