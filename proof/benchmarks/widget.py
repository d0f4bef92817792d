"""How large the widget is on a customer's page, compressed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from proof.benchmarks.coldstart import ROOT

FOLDER = ROOT / "web/dist/widget"
LOADER, WHOLE = 4_000, 30_000

GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on their way, each file compressed by itself."""

    name: str
    bytes: int
    budget: int


def weights(folder: Path = FOLDER) -> list[Weight]:
    """Of the built widget; nothing if it has not been built."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "config.json"]
    if not files:
        return []
    loader = [path for path in files if path.name == "loader.js"]
    return [
        Weight("loader, on every page", _gzipped(loader), LOADER),
        Weight("the whole widget, once opened", _gzipped(files), WHOLE),
    ]


def _gzipped(paths: list[Path]) -> int:
    return sum(len(_compressed(path.read_bytes())) for path in paths)


def _compressed(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=GZIP)
    return packer.compress(content) + packer.flush()
