"""Seeds, in as many processes as wanted."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from proof.simulation.planting import plant


@dataclass(frozen=True, slots=True)
class Run:
    """What a seed came to; ``digest`` is the same whenever it is run again."""

    seed: int
    violation: str | None
    digest: str
    calls: int
    messages: int
    conversations: int


def run(seed: int) -> Run:
    """Run one seed in this process."""
    from proof.simulation.world import simulate

    result = simulate(seed)
    return Run(
        seed,
        result.violation,
        result.history.digest(),
        result.calls,
        result.messages,
        result.conversations,
    )


def run_all(
    seeds: Iterable[int], processes: int | None = None, defect: str | None = None
) -> Iterator[Run]:
    """The seeds in their order. Stop reading, and no more are begun."""
    workers = processes or os.cpu_count() or 1
    # Processes that begin anew: a defect must be in place before the application is imported.
    pool = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin, initargs=(defect,)
    )
    try:
        yield from pool.map(run, seeds, chunksize=1)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(defect: str | None) -> None:
    if defect is not None:
        plant(defect)
