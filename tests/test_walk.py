"""The walk of an SMS in the architecture document names what is there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
WALK = DOCUMENT.partition("To follow an SMS")[2].partition("\n## ")[0]
STOPS = re.findall(r"`([\w.]+)`", WALK)
ON_THE_SERVER = [stop for stop in STOPS if "." in stop]
IN_THE_BROWSER = [stop for stop in STOPS if "." not in stop]


def found(path: str) -> object:
    """What a dotted path leads to. Raises ImportError or AttributeError."""
    names = path.split(".")
    for length in range(len(names) - 1, 0, -1):
        try:
            part: object = import_module(".".join(names[:length]))
        except ModuleNotFoundError:
            continue
        for name in names[length:]:
            part = getattr(part, name)
        return part
    raise ImportError(path)


def test_the_walk_goes_from_the_route_to_the_screen() -> None:
    assert ON_THE_SERVER[0].startswith("app.")
    assert IN_THE_BROWSER[-1].endswith("Bubble")


@pytest.mark.parametrize("stop", ON_THE_SERVER)
def test_its_functions_exist(stop: str) -> None:
    assert callable(found(stop))


@pytest.mark.parametrize("stop", IN_THE_BROWSER)
def test_its_parts_of_the_web_exist(stop: str) -> None:
    exported = re.compile(rf"^export (?:function|class|const) {stop}\b", re.MULTILINE)
    sources = [path for path in (ROOT / "web").rglob("*.ts*") if "node_modules" not in path.parts]
    assert any(exported.search(path.read_text(encoding="utf-8")) for path in sources)
