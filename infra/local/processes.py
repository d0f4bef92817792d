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
        if pid.isdecimal() and mark and mark in _command_of(int(pid)):
            _stop_pid(int(pid))
    pid_file.unlink()


def _command_of(pid: int) -> str:
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout


def _stop_pid(pid: int) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    try:
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
