"""The web clients as they are published, for tests that show them without a stack."""

import shutil
import subprocess
from pathlib import Path
from typing import Literal

from proof.stack import ROOT


def build(client: Literal["desktop", "widget"], folder: Path) -> Path:
    """Build the client into this folder."""
    npx = shutil.which("npx")
    assert npx is not None
    command = [npx, "vite", "build", "--config", f"vite.{client}.config.ts"]
    arguments = ["--outDir", str(folder), "--logLevel", "error"]
    subprocess.run([*command, *arguments], cwd=ROOT / "web", check=True)
    return folder
