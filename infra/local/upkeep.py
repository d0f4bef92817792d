"""`local redeploy`, `local watch` and `local reset`."""

import shutil
import time

from infra import ROOT
from infra.console import complain, say
from infra.errors import OperatorError
from infra.local import lock
from infra.local.deployment import deploy
from infra.local.layout import Layout
from infra.local.processes import stop_leftovers

_WATCH_SECONDS = 0.7
_OURS = ("state", "objects", "tmp", "logs", "build", "phone", "twilio.json", "stack.json")


def redeploy(layout: Layout) -> None:
    """Load changed code and web clients into the running stack."""
    if not lock.is_held(layout.folder) or not layout.stack_file.exists():
        raise OperatorError("The local stack is not running.", "Start it: make run")
    deploy(layout)


def watch(layout: Layout) -> None:
    """Redeploy whenever the application's Python changes, until Ctrl-C."""
    say("Watching app.py and chalicelib/ (Ctrl-C ends it)")
    seen = _fingerprint()
    while True:
        time.sleep(_WATCH_SECONDS)
        if (now := _fingerprint()) == seen:
            continue
        seen = now
        say(f"\n{time.strftime('%H:%M:%S')} changed")
        try:
            redeploy(layout)
        except OperatorError as error:
            # Half-written code is expected here; the next save may complete it.
            complain(error)


def _fingerprint() -> dict[str, int]:
    files = [*(ROOT / "chalicelib").rglob("*.py"), *(ROOT / ".chalice").glob("*.json")]
    return {str(path): path.stat().st_mtime_ns for path in [*files, ROOT / "app.py"]}


def reset(layout: Layout) -> None:
    """Forget every conversation, user and setting of the local stack."""
    with lock.held(layout.folder):
        stop_leftovers(layout.folder / "children")
        for name in _OURS:
            path = layout.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    say("The local stack is forgotten; the next `make run` starts afresh.")
