"""What is installed is locked: every package, with its hashes, and from no particular registry."""

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from infra import ROOT, packaging

LOCKS = ("requirements", "requirements-dev")

REGISTRIES = (
    r"pypi\.(?:org|python\.org)",
    r"pythonhosted\.org",
    r"npmjs\.(?:org|com)",
    r"yarnpkg\.com",
    r"--(?:extra-)?index-url",
    r"--find-links",
    r'"resolved":',
    r"_authToken",
)


def locked(name: str) -> dict[str, list[str]]:
    """The hashes of each pinned package of a lock file; several pins of one name are told apart."""
    text = (ROOT / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {
        line.split(" --hash=")[0].strip(): re.findall(r"--hash=(sha256:[0-9a-f]{64})", line)
        for line in lines
    }


def chosen(name: str) -> list[str]:
    """What we chose ourselves, with the choices that a file includes."""
    pins: list[str] = []
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        included = re.fullmatch(r"-r (\S+)\.in", line)
        pins += chosen(included[1]) if included else [line]
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    for pin, hashes in locked(name).items():
        assert re.fullmatch(r"[a-z0-9-]+==\S+(?: ; .+)?", pin)
        assert hashes, pin


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_what_was_chosen(name: str) -> None:
    """It fails when a file of choices was changed without `make lock`."""
    pins = {pin.split(" ;")[0] for pin in locked(name)}
    assert [pin for pin in chosen(name) if pin not in pins] == []


def test_what_lambda_runs_is_what_is_tested() -> None:
    run, tested = (
        {pin.split(" ;")[0]: hashes for pin, hashes in locked(name).items()} for name in LOCKS
    )
    assert {pin: tested.get(pin) for pin in run} == run


def committed() -> list[Path]:
    # The tests may run as another user than the owner of the files.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("This is no git checkout.")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_committed_file_names_a_registry() -> None:
    files = [file for file in committed() if file.is_file() and file != Path(__file__).resolve()]
    registry = re.compile("|".join(REGISTRIES).encode())
    found = {file.name: match[0] for file in files if (match := registry.search(file.read_bytes()))}
    assert len(files) > 100
    assert found == {}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with a wheel for each of two machines."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for machine in ("x86_64", "aarch64"):
        tag = f"cp313-cp313-manylinux_2_17_{machine}"
        with zipfile.ZipFile(folder / f"tiny-1.0-{tag}.whl", "w") as wheel:
            info = "tiny-1.0.dist-info"
            wheel.writestr("tiny.py", f"MACHINE = {machine!r}\n")
            wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
            wheel.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n")
    return folder


def lock(shelf: Path, digests: list[str]) -> Path:
    hashes = "".join(f" --hash=sha256:{digest}" for digest in digests)
    file = shelf.parent / "requirements.txt"
    file.write_text(f"--no-index\n--find-links {shelf.as_uri()}\ntiny==1.0{hashes}\n")
    return file


def digests(shelf: Path) -> list[str]:
    return [hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in sorted(shelf.iterdir())]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_package_gets_the_wheels_of_the_machine_it_will_run_on(
    shelf: Path, tmp_path: Path, machine: str
) -> None:
    file = lock(shelf, digests(shelf))
    target = tmp_path / "target"
    packaging.install(file, target, python="3.13", machine=machine, glibc=34)
    assert (target / "tiny.py").read_text() == f"MACHINE = {machine!r}\n"


def test_a_wheel_that_is_not_the_locked_one_never_gets_into_the_package(
    shelf: Path, tmp_path: Path
) -> None:
    file = lock(shelf, digests(shelf))
    (wheel,) = shelf.glob("*aarch64.whl")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("more.py", "")
    target = tmp_path / "target"
    with pytest.raises(subprocess.CalledProcessError):
        packaging.install(file, target, python="3.13", machine="aarch64", glibc=34)
    assert not (target / "tiny.py").exists()
