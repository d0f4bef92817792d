"""Child processes of the local stack: started apart from the terminal, stopped in order."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from infra.errors import OperatorError

_STOP_SECONDS = 30.0


@dataclass
class Child:
    """A running child process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Ask it to end and wait: the emulator writes its state only on an orderly end."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        # Whatever it started itself, such as the workers of the functions.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def failure(self) -> OperatorError:
        """What to say when it ended by itself."""
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        return OperatorError(
            f"The {self.name} ended by itself (status {self.process.poll()}).",
            "\n".join([*lines, f"All of its output: {self.log}"]),
        )


def start(name: str, command: Sequence[str], log: Path, environ: Mapping[str, str]) -> Child:
    """Start a child in its own session, so that Ctrl-C reaches only the parent."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environ),
            start_new_session=True,
        )
    return Child(name, process, log)


def wait_until_answering(child: Child, url: str, seconds: float = 30.0) -> None:
    """Wait until the URL answers with anything below 500."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child.process.poll() is not None:
            raise child.failure()
        if _answers(url):
            return
        time.sleep(0.05)
    raise OperatorError(f"The {child.name} does not answer at {url}.", f"Its output: {child.log}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def require_free(ports: Mapping[str, int]) -> None:
    """Refuse to start when a port is taken."""
    taken = [f"{port} ({name})" for name, port in ports.items() if not _free(port)]
    if taken:
        raise OperatorError(
            f"Something else already listens on port {', '.join(taken)}.",
            "Stop it, or choose four other ports in a row: LAMBDESK_PORT=5566 make run",
        )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose connections are only winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def stop_leftovers(pid_file: Path) -> None:
    """Stop the children of an earlier run that was killed before it could."""
    if not pid_file.exists():
        return
    for line in pid_file.read_text().splitlines():
        pid, _, mark = line.partition(" ")
        if pid.isdecimal() and (process := _started_as(int(pid), mark)):
            _stop_with_descendants(process)
    pid_file.unlink()


def _started_as(pid: int, mark: str) -> psutil.Process | None:
    """The process, if the mark is one of its arguments: its number may be another's by now."""
    try:
        process = psutil.Process(pid)
        return process if mark in process.cmdline() else None
    except psutil.Error:
        return None


def _stop_with_descendants(process: psutil.Process) -> None:
    try:
        descendants = process.children(recursive=True)
        process.terminate()
        process.wait(_STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return
    for descendant in descendants:
        with suppress(psutil.NoSuchProcess):
            descendant.kill()
