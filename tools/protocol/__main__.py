"""``python -m tools.protocol write`` makes the generated files, ``check`` compares them."""

import argparse
import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.protocol import asyncapi, markdown, openapi, schema, typescript

_ROOT = Path(__file__).parents[2]


def generate() -> dict[Path, str]:
    """The content of every generated file."""
    definition = schema.build()
    return {
        _ROOT / "docs/protocol.schema.json": json.dumps(definition, indent=2) + "\n",
        _ROOT / "docs/openapi.json": openapi.render(definition),
        _ROOT / "docs/asyncapi.json": asyncapi.render(definition),
        _ROOT / "docs/protocol.md": markdown.render(definition),
        _ROOT / "web/shared/protocol.ts": typescript.render(definition),
    }


def write() -> int:
    """Write the files."""
    for path, content in generate().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return 0


def check() -> int:
    """Print how the files differ from what would be written; 1 when they do."""
    difference = [line for path, content in generate().items() for line in _diff(path, content)]
    sys.stdout.writelines(difference)
    if difference:
        print("\nThe protocol changed: run `python -m tools.protocol write`.")
    return 1 if difference else 0


def _diff(path: Path, content: str) -> Iterator[str]:
    name = str(path.relative_to(_ROOT))
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    return difflib.unified_diff(
        present.splitlines(keepends=True),
        content.splitlines(keepends=True),
        fromfile=name,
        tofile=f"{name} (generated)",
    )


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tools.protocol", description=__doc__)
    parser.add_argument("action", choices=["write", "check"])
    action = parser.parse_args().action
    return write() if action == "write" else check()


if __name__ == "__main__":
    sys.exit(main())
