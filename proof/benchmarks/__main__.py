"""`python -m proof.benchmarks`: measured beside budget. Fails when something is over."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from proof.benchmarks import env as env  # first: the application reads it when it is imported
from proof.benchmarks.sections import SECTIONS


def main() -> int:
    """Measure, print, and say whether all budgets are kept."""
    parser = argparse.ArgumentParser(prog="python -m proof.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    parser.add_argument("--only", choices=SECTIONS, action="append", help="only this; repeatable")
    asked = parser.parse_args()
    sections = []
    for name in asked.only or SECTIONS:
        sections.append(SECTIONS[name]())
        sys.stdout.write(f"{sections[-1].as_text()}\n\n")
        sys.stdout.flush()
    faults = [fault for section in sections for fault in section.faults]
    if asked.json:
        results = {section.name: section.data for section in sections}
        asked.json.write_text(json.dumps({"faults": faults, **results}, indent=2) + "\n")
    sys.stdout.write(f"{len(faults)} over budget.\n" if faults else "All within budget.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
