"""Building the web clients and publishing them to their bucket."""

import fcntl
import hashlib
import json
import mimetypes
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra import ROOT
from infra.console import step
from infra.errors import OperatorError

WEB = ROOT / "web"
CLIENTS = ("widget", "desktop")

_UNBUILT = {"node_modules", "dist", "coverage", "test-results"}
_NODE_MAJOR = 20


@contextmanager
def _exclusively() -> Iterator[None]:
    """Keep two local stacks from installing or building at the same time."""
    with (WEB / "package.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def needs_install() -> bool:
    """Whether the lock file is newer than the last installation."""
    stamp = WEB / "node_modules" / ".stamp"
    lock = WEB / "package-lock.json"
    return not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime


def install() -> None:
    """Install the node packages of the lock file."""
    _require_node()
    if (WEB / "node_modules").is_symlink():
        raise OperatorError(
            "web/node_modules is a link: npm would empty the folder that it leads to.",
            "Remove the link, or install the packages there.",
        )
    _npm("ci", "--no-audit", "--no-fund")
    (WEB / "node_modules" / ".stamp").touch()


def needs_build() -> bool:
    """Whether the sources changed since the last build."""
    stamp = _build_stamp()
    return not stamp.exists() or stamp.read_text() != _sources_digest()


def build() -> None:
    """Build both clients."""
    _require_node()
    digest = _sources_digest()
    _npm("run", "build")
    _build_stamp().write_text(digest)


def build_and_publish(s3: Any, bucket: str, config: Mapping[str, str]) -> None:
    """Do what is due of installing and building, then upload."""
    with _exclusively():
        _bring_up_to_date()
        with step("Publishing the web clients"):
            publish(s3, bucket, config)


def bring_up_to_date() -> None:
    """Do what is due of installing and building."""
    with _exclusively():
        _bring_up_to_date()


def _bring_up_to_date() -> None:
    if needs_install():
        with step("Node packages"):
            install()
    if needs_build():
        with step("Building the web clients"):
            build()


def client_config(
    values: Mapping[str, str], rest_url: str, socket_url: str, *, cognito_url: str
) -> dict[str, str]:
    """What the clients read at start."""
    return {
        "rest_url": rest_url,
        "socket_url": socket_url,
        "region": values["Region"],
        "user_pool_id": values["UserPool"],
        "user_pool_client_id": values["UserPoolClient"],
        "cognito_url": cognito_url,
    }


def publish(s3: Any, bucket: str, config: Mapping[str, str]) -> None:
    """Upload both clients, each with the settings it reads at start."""
    for client in CLIENTS:
        folder = WEB / "dist" / client
        if not folder.is_dir():
            raise OperatorError(f"The web build made no {folder.relative_to(ROOT)}.")
        # What others refer to goes last: an index is never newer than its assets.
        for path in sorted(_files(folder), key=lambda p: "assets" not in p.parts):
            key = f"{client}/{path.relative_to(folder).as_posix()}"
            _put(s3, bucket, key, path.read_bytes())
        _put(s3, bucket, f"{client}/config.json", json.dumps(dict(config)).encode())


def _put(s3: Any, bucket: str, key: str, body: bytes) -> None:
    kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind in ("application/json", "application/javascript")
    hashed = "/assets/" in key
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=body,
        ContentType=f"{kind}; charset=utf-8" if text else kind,
        CacheControl="public, max-age=31536000, immutable" if hashed else "public, max-age=60",
    )


def _build_stamp() -> Path:
    return WEB / "dist" / ".sources"


def _sources_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_files(WEB)):
        digest.update(f"{path.relative_to(WEB)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for directory, names, files in os.walk(folder):
        if Path(directory) == WEB:
            names[:] = [name for name in names if name not in _UNBUILT]
        yield from (Path(directory) / name for name in files if not name.startswith("."))


def _require_node() -> None:
    remedy = f"Install Node.js {_NODE_MAJOR} or newer, with npm, and try again."
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise OperatorError("The web clients need Node.js, which is not installed.", remedy)
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    found = version.stdout.strip().lstrip("v")
    if int(found.split(".")[0]) < _NODE_MAJOR:
        raise OperatorError(f"Node.js {found} is too old for the web clients.", remedy)


def _npm(*arguments: str) -> None:
    done = subprocess.run(
        ["npm", "--loglevel=error", *arguments],
        cwd=WEB,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperatorError(f"npm {' '.join(arguments)} failed in web/:\n\n{done.stdout.strip()}")
