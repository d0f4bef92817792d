"""List prices of us-east-1, and what they make of things counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MILLION = 1_000_000

PRICES: Mapping[str, float] = MappingProxyType(
    {
        "REST requests": 3.50 / MILLION,
        "socket messages": 1.00 / MILLION,
        "connection minutes": 0.25 / MILLION,
        "Lambda requests": 0.20 / MILLION,
        "Lambda GB-seconds": 0.0000133334,
        "DynamoDB write units": 0.625 / MILLION,
        "DynamoDB read units": 0.125 / MILLION,
        "SQS requests": 0.40 / MILLION,
        "SQS FIFO requests": 0.50 / MILLION,
    }
)
"""Dollars for one. Socket messages are billed both ways, per 32 kB."""

CONNECT_MESSAGE = 0.004
"""Dollars for a message in Amazon Connect's chat."""

FLOOR = MappingProxyType({"REST requests": 1, "DynamoDB write units": 1, "socket messages": 1})
"""What a message costs at least: one request, one write, one push."""


@dataclass(frozen=True, slots=True)
class Bill:
    """How many of each thing there were."""

    counts: Mapping[str, float]

    @property
    def items(self) -> dict[str, float]:
        """Dollars for each thing."""
        return {name: count * PRICES[name] for name, count in self.counts.items()}

    @property
    def total(self) -> float:
        """Dollars for all."""
        return sum(self.items.values())

    def times(self, number: int) -> Bill:
        """The same so many times."""
        return Bill({name: count * number for name, count in self.counts.items()})
