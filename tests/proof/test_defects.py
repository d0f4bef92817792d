"""The planted defects still fit the code, and the simulation can fail."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from proof.simulation.defects import DEFECTS
from proof.simulation.planting import broken, edits_of
from proof.simulation.runs import run_all


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_fits_the_code(name: str) -> None:
    for module, replacements in edits_of(name).items():
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin).read_text()
        defective = broken(source, replacements)
        compile(defective, spec.origin, "exec")
        assert defective != source


@pytest.mark.parametrize("name", ["claim-ignores-agent", "capacity-off-by-one"])
def test_a_defect_is_found(name: str) -> None:
    """`make defects` looks for all of them."""
    assert any(run.violation for run in run_all(range(1, 21), defect=name))
