"""MiniStack, the AWS emulator."""

import os
import shutil
import sys

from infra.local.layout import Layout
from infra.local.processes import Child, start, wait_until_answering


def start_emulator(layout: Layout) -> Child:
    """Start MiniStack on this computer's loopback only, with policies enforced."""
    state = layout.folder / "state"
    _drop_orphaned_objects(layout)
    scratch = layout.folder / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    for folder in (state, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    child = start(
        "AWS emulator",
        [sys.executable, "-m", "infra.local.strict_ministack"],
        layout.folder / "logs" / "emulator.log",
        {
            # The functions inherit this environment: nothing of the operator's belongs in it.
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(layout.folder),
            "LANG": "C.UTF-8",
            "TMPDIR": str(scratch),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(layout.base_port),
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(layout.folder / "objects"),
            # Listeners on fixed ports that nobody needs here.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": os.environ.get("LAMBDESK_LOG_LEVEL", "INFO"),
        },
    )
    try:
        wait_until_answering(child, f"{layout.emulator_url}/_ministack/health")
    except BaseException:
        child.stop()
        raise
    return child


def _drop_orphaned_objects(layout: Layout) -> None:
    """Forget stored objects that no saved stack refers to.

    Objects are written at once, everything else on an orderly end. When the very first run
    was killed, its buckets would be in the way of the ones to be made.
    """
    if not (layout.folder / "state" / "cloudformation.json").exists():
        shutil.rmtree(layout.folder / "objects", ignore_errors=True)
