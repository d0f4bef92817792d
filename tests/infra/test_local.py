import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from infra.errors import OperatorError
from infra.local import lock, processes, upkeep
from infra.local.layout import Layout
from proof.chaos.faults import workers_of

SLEEP = "import time; time.sleep(60)"


def test_ports_follow_the_base_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDESK_PORT", "5000")
    monkeypatch.setenv("LAMBDESK_HOME", str(tmp_path))
    layout = Layout.from_environment()
    assert list(layout.ports.values()) == [5000, 5001, 5002, 5003]
    assert layout.folder == tmp_path
    assert layout.socket_url.startswith("ws://localhost:5000/")


@pytest.mark.parametrize("port", ["http", "80", "70000"])
def test_an_impossible_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDESK_PORT", port)
    with pytest.raises(OperatorError, match=port):
        Layout.from_environment()


def test_a_taken_port_is_named_with_who_wants_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OperatorError, match=rf"{port} \(phone\)"):
            processes.require_free({"phone": port})


def test_only_one_stack_runs_in_a_folder(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path)
    with lock.held(tmp_path):
        assert lock.is_held(tmp_path)
        with pytest.raises(OperatorError, match=str(os.getpid())):
            lock.held(tmp_path).__enter__()
    assert not lock.is_held(tmp_path)


def test_a_child_that_ends_by_itself_shows_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]
    child = processes.start("phone", command, tmp_path / "phone.log", os.environ)
    with pytest.raises(OperatorError, match="status 3") as caught:
        processes.wait_until_answering(child, "http://127.0.0.1:9/")
    assert "no such table" in caught.value.remedy


def test_stopping_a_child_ends_what_it_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time;"
        f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    log = tmp_path / "child.log"
    child = processes.start("emulator", [sys.executable, "-c", script], log, os.environ)
    while not log.read_text().strip():
        time.sleep(0.02)
    child.stop()
    assert child.process.poll() is not None
    assert ended(int(log.read_text()))


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    """An interpreter whose path is longer than a terminal's line, with spaces and umlauts."""
    folder = tmp_path / "Kundengespräche und Übergaben" / "ein Ordner, der lang heißt" / ("x" * 60)
    folder.mkdir(parents=True)
    interpreter = folder / "python"
    interpreter.symlink_to(sys.executable)
    return interpreter


def test_leftovers_of_a_killed_run_are_stopped_and_nothing_else(
    tmp_path: Path, awkward: Path
) -> None:
    marks = ("ministack", "infra.local.phone", "editor")
    ours, phone, other = (subprocess.Popen([awkward, "-c", SLEEP, mark]) for mark in marks)
    pids = tmp_path / "children"
    # The last number has come to belong to another program since.
    lines = (f"{ours.pid} ministack", f"{phone.pid} infra.local.phone", f"{other.pid} infra.local")
    pids.write_text("\n".join(lines))
    processes.stop_leftovers(pids)
    assert ended(ours.pid)
    assert ended(phone.pid)
    assert other.poll() is None
    other.kill()
    other.wait()
    assert not pids.exists()


def test_what_a_leftover_started_is_stopped_too(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time;"
        f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    leftover = subprocess.Popen(
        [sys.executable, "-c", script, "ministack"], stdout=subprocess.PIPE, text=True
    )
    assert leftover.stdout is not None
    worker = int(leftover.stdout.readline())
    pids = tmp_path / "children"
    pids.write_text(f"{leftover.pid} ministack\n")
    processes.stop_leftovers(pids)
    leftover.stdout.close()
    assert ended(leftover.pid)
    assert ended(worker)


def test_a_leftover_that_is_gone_is_no_error(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    pids = tmp_path / "children"
    pids.write_text(f"{gone.pid} ministack\nnonsense\n")
    processes.stop_leftovers(pids)
    assert not pids.exists()


def test_the_workers_of_an_emulator_are_found_wherever_it_runs(awkward: Path) -> None:
    scripts = {
        name: awkward.parent / f"ministack-lambda-{name}-1" / "_worker.py"
        for name in ("lambdesk-local", "lambdesk-local-timer_due", "editor")
    }
    for script in scripts.values():
        script.parent.mkdir()
        script.write_text(SLEEP)
    workers = [subprocess.Popen([awkward, script]) for script in scripts.values()]
    try:
        found = {(worker.pid, worker.function) for worker in workers_of(os.getpid())}
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert found == {(workers[0].pid, "api_handler"), (workers[1].pid, "timer_due")}


def test_reset_forgets_the_data_and_leaves_what_is_not_ours(tmp_path: Path) -> None:
    for name in ("state", "phone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.json").write_text(json.dumps({}))
    (tmp_path / "notes.txt").write_text("mine")
    upkeep.reset(Layout(5000, tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"lock", "notes.txt"}


def test_redeploying_needs_a_running_stack(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="not running"):
        upkeep.redeploy(Layout(5000, tmp_path))


def ended(pid: int) -> bool:
    for _ in range(100):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False
