"""What is measured, each as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType

from proof.benchmarks import contention, costs, measuring
from proof.benchmarks.coldstart import cold_starts
from proof.benchmarks.cpu import efforts
from proof.benchmarks.flows import FLOWS
from proof.benchmarks.measuring import Cost, Measured
from proof.benchmarks.report import Section, beside
from proof.benchmarks.widget import weights


def flows() -> Section:
    """Calls and units of each flow."""
    measured = measuring.measure(FLOWS, measuring.SIZES)
    return Section(
        "flows",
        "Calls of AWS and DynamoDB units, with 10,000 agents and as many waiting conversations",
        ("flow", "until seen", "in all", "pushes", "writes", "reads", "from 10 to 10,000"),
        [_flow_row(result) for result in measured],
        [
            {
                "flow": result.flow.name,
                "budget": asdict(result.flow.budget),
                "costs": {size: asdict(cost) for size, cost in result.costs.items()},
                "faults": result.faults,
            }
            for result in measured
        ],
        [f"{result.flow.name}: {fault}" for result in measured for fault in result.faults],
        (
            "Calls in sequence until the target's socket has it (or SQS, or Twilio), and in all.",
            "The worker has handled such requests before, unless it is fresh. Units follow from",
            "the sizes of items by DynamoDB's rules; transactions count double.",
        ),
    )


def _flow_row(result: Measured) -> tuple[str, ...]:
    budget, cost = result.flow.budget, list(result.costs.values())[-1]
    return (
        result.flow.name,
        beside(cost.until_seen, budget.until_seen),
        beside(cost.calls, budget.calls),
        beside(cost.posts, None),
        beside(cost.units.write, budget.writes),
        beside(cost.units.read, budget.reads),
        _growth(list(result.costs.values())),
    )


def _growth(costs: list[Cost]) -> str:
    calls = [cost.calls for cost in costs]
    reads = [cost.units.read for cost in costs]
    parts = [
        f"{name} {values[0]:g} to {values[-1]:g}"
        for name, values in (("calls", calls), ("reads", reads))
        if len(set(values)) > 1
    ]
    return ", ".join(parts) or "same"


def rushes() -> Section:
    """Everybody at once."""
    results = contention.rushes()
    return Section(
        "contention",
        "Everybody at once, interleaved at every call of AWS",
        ("rush", "order", "served", "claims", "claims per assignment", "seconds"),
        [
            (
                rush.name,
                "in step" if rush.seed == 0 else f"disorder {rush.seed}",
                f"{rush.served} of {rush.could_be_served}",
                str(rush.claims),
                beside(round(rush.claims_per_assignment, 1), contention.CLAIMS_PER_ASSIGNMENT),
                f"{rush.seconds:.2f}",
            )
            for rush in results
        ],
        [asdict(rush) for rush in results],
        [fault for rush in results for fault in rush.faults],
        (
            "Served without the sweep: as many offers as there are free agents or conversations.",
            "Seconds are of the simulated clock, on which a call takes 5 to 10 ms.",
        ),
    )


def bills() -> Section:
    """What it costs."""
    results = costs.prices()
    things = list(results[0].bill.counts)
    return Section(
        "costs",
        "Dollars for a million messages of a kind, and for a thousand conversations",
        ("", *(price.name for price in results)),
        [
            *((thing, *(f"{p.bill.items[thing]:.3f}" for p in results)) for thing in things),
            ("in all", *(f"{price.bill.total:.2f}" for price in results)),
            ("floor", *(f"{price.floor:.2f}" for price in results)),
            ("Amazon Connect", *(f"{price.connect:,.0f}" for price in results)),
        ],
        [
            {
                "name": price.name,
                "counts": dict(price.bill.counts),
                "dollars": price.bill.items,
                "total": price.bill.total,
                "floor": price.floor,
                "amazon_connect": price.connect,
            }
            for price in results
        ],
        notes=(
            f"List prices of us-east-1. Assumed: {costs.OWN_SECONDS * 1000:g} ms for an invocation "
            f"and {costs.CALL_SECONDS * 1000:g} ms for each call",
            f"it makes, at {costs.MEMORY_GB:g} GB; talks of {costs.OPEN_MINUTES} minutes in which "
            f"each side says {costs.EACH_SAYS} things of 200 bytes;",
            f"one window each, and an agent in {costs.HELD_AT_ONCE} talks at once.",
            "The floor is one request, one write and one push a message. Twilio's price for texts",
            "is not in it.",
        ),
    )


def processor() -> Section:
    """Our function beside bare boto3."""
    results = efforts()
    return Section(
        "cpu",
        "Processor's time for a message beside bare boto3 that makes the same calls",
        ("message", "ratio", "ours, ms", "bare, ms"),
        [
            (
                effort.name,
                beside(round(effort.ratio, 2), effort.budget),
                f"{effort.application:.2f}",
                f"{effort.bare:.2f}",
            )
            for effort in results
        ],
        [asdict(effort) for effort in results],
        [
            f"{effort.name}: {effort.ratio:.2f} times bare boto3, more than {effort.budget}"
            for effort in results
            if effort.ratio > effort.budget
        ],
    )


def starting() -> Section:
    """Cold starts."""
    results = cold_starts()
    return Section(
        "coldstart",
        "Processor's time of a cold start beside importing boto3 and making a DynamoDB client",
        ("until there is", "ratio", "ours, s", "bare, s"),
        [
            (
                start.name,
                beside(round(start.ratio, 2), start.budget),
                f"{start.application:.3f}",
                f"{start.bare:.3f}",
            )
            for start in results
        ],
        [asdict(start) for start in results],
        [
            f"{start.name}: {start.ratio:.2f} times a bare start, more than {start.budget}"
            for start in results
            if start.ratio > start.budget
        ],
    )


def widget() -> Section:
    """The widget's weight."""
    results = weights()
    return Section(
        "widget",
        "Bytes of the widget, gzip",
        ("part", "bytes"),
        [(weight.name, beside(weight.bytes, weight.budget)) for weight in results],
        [asdict(weight) for weight in results],
        [
            f"{weight.name}: {weight.bytes} bytes, more than {weight.budget}"
            for weight in results
            if weight.bytes > weight.budget
        ],
        () if results else ("Not built: npm --prefix web run build",),
    )


SECTIONS: Mapping[str, Callable[[], Section]] = MappingProxyType(
    {
        "flows": flows,
        "contention": rushes,
        "costs": bills,
        "cpu": processor,
        "coldstart": starting,
        "widget": widget,
    }
)
