"""One running stack per folder, known by a lock that the system drops when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.errors import OperatorError


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, or refuse when another process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise OperatorError(
                f"The local stack in {folder} is already running (process {file.read().strip()}).",
                "Stop it with Ctrl-C in its terminal. To load changed code into it: make redeploy",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_held(folder: Path) -> bool:
    """Whether a stack is running in the folder."""
    try:
        with held(folder):
            return False
    except OperatorError:
        return True
