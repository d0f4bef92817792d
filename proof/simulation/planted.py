"""``python -m proof.simulation.planted``: how soon the simulation finds each deliberate defect."""

import argparse
import sys
import time

from proof.simulation.defects import DEFECTS
from proof.simulation.runs import run_all


def main() -> int:
    """The exit code: 1 when a defect was not found."""
    arguments = _arguments()
    print("| defect | found in seed | as a breach of |\n|---|---|---|", flush=True)
    missed: list[str] = []
    for name in arguments.defects or DEFECTS:
        began = time.monotonic()
        found = _first_violation(name, arguments.within, arguments.processes)
        if found is None:
            missed.append(name)
            found = (0, "not found")
        seed, violation = found
        invariant = violation.partition(":")[0]
        print(f"| {DEFECTS[name].what} (`{name}`) | {seed or '-'} | {invariant} |", flush=True)
        print(f"{time.monotonic() - began:.0f} s: {violation}", file=sys.stderr, flush=True)
    if missed:
        print(f"\nNot found within {arguments.within} seeds: {', '.join(missed)}")
    return 1 if missed else 0


def _first_violation(name: str, within: int, processes: int | None) -> tuple[int, str] | None:
    for run in run_all(range(1, within + 1), processes, name):
        if run.violation is not None:
            return run.seed, run.violation
    return None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="planted", description=__doc__)
    parser.add_argument("defects", nargs="*", help="all of them by default")
    parser.add_argument("--within", type=int, default=1000, help="seeds")
    parser.add_argument("--processes", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
