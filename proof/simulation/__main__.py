"""``python -m proof.simulation``: run seeds, and tell the story of the one that fails."""

import argparse
import sys
import time

from proof.simulation.defects import DEFECTS
from proof.simulation.planting import plant
from proof.simulation.runs import run_all


def main() -> int:
    """The exit code: 1 when a seed violates an invariant."""
    arguments = _arguments()
    if arguments.story is not None:
        return _tell(arguments.story, arguments.defect)
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    began, done, calls, messages, failed = time.monotonic(), 0, 0, 0, []
    for run in run_all(seeds, arguments.processes, arguments.defect):
        done, calls, messages = done + 1, calls + run.calls, messages + run.messages
        if run.violation is not None:
            print(f"seed {run.seed}: {run.violation}", flush=True)
            failed.append(run.seed)
            if not arguments.keep_going:
                break
        if done % 500 == 0:
            print(f"{done} seeds, {time.monotonic() - began:.0f} s", flush=True)
    took = time.monotonic() - began
    print(
        f"{done} seeds in {took:.0f} s ({done / took:.1f} a second): "
        f"{calls} calls, {messages} messages, {len(failed)} seeds with a violation"
    )
    if failed and not arguments.keep_going:
        return _tell(failed[0], arguments.defect)
    return 1 if failed else 0


def _tell(seed: int, defect: str | None) -> int:
    """Run one seed here, and print all that happened."""
    if defect is not None:
        plant(defect)
    from proof.simulation.world import simulate

    result = simulate(seed)
    print(result.history.text())
    print(f"\nseed {seed}: {result.violation or 'everything held'}")
    return 1 if result.violation else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=1, help="the first seed")
    parser.add_argument("--processes", type=int, help="as many as there are processors by default")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at a violation")
    parser.add_argument("--story", type=int, metavar="SEED", help="tell all that happens in a seed")
    parser.add_argument("--defect", choices=sorted(DEFECTS), help="break something first")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
