"""The processor's time for a message: our function beside bare boto3 that makes the same calls.

`python -m proof.benchmarks.cpu` measures in a process of its own. No call leaves it: botocore
signs and serializes a request, and is handed a recorded answer in place of the network's.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import boto3
import botocore.session
import pytest
from botocore import xform_name

import app
from chalicelib import bootstrap
from chalicelib.adapters.system import SystemClock, SystemIds
from proof.benchmarks import flows
from proof.benchmarks.coldstart import ROOT
from proof.benchmarks.env import ENVIRONMENT
from proof.benchmarks.recording import Recording, record

ROUNDS, MESSAGES = 15, 25
BUDGET = 1.5
ENDPOINT = "https://ghijkl5678.execute-api.us-east-1.amazonaws.com/api"

FLOWS = {
    "web message": flows.web_message,
    "SMS": flows.text_message,
    "agent's message": flows.agent_message,
}


@dataclass(frozen=True, slots=True)
class Effort:
    """Milliseconds of the processor for one message, and the median ratio of the rounds."""

    name: str
    bare: float
    application: float
    ratio: float
    budget: float = BUDGET


def efforts() -> list[Effort]:
    """Of each kind of message, measured in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "proof.benchmarks.cpu"],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        check=True,
        capture_output=True,
        text=True,
    )
    return [Effort(**effort) for effort in json.loads(done.stdout)]


def _measure(name: str) -> dict[str, Any]:
    recording = record(FLOWS[name])
    with pytest.MonkeyPatch.context() as patch:
        ours, bare = _ours(recording, patch), _bare(recording)
        _check_plays(recording, ours)
        bare()
        rounds = [(_milliseconds(ours), _milliseconds(bare)) for _ in range(ROUNDS)]
    return {
        "name": name,
        "bare": median(bare for _, bare in rounds),
        "application": median(ours for ours, _ in rounds),
        "ratio": median(ours / bare for ours, bare in rounds),
    }


def _check_plays(recording: Recording, ours: Callable[[], object]) -> None:
    """Raises RuntimeError unless a worker that remembers the first play repeats the recording."""
    ours()
    recording.answered = 0
    ours()
    if recording.answered != len(recording.calls):
        raise RuntimeError(f"{recording.answered} calls instead of {len(recording.calls)}.")


def _ours(recording: Recording, patch: pytest.MonkeyPatch) -> Callable[[], object]:
    """The function as API Gateway would have it called."""
    session = botocore.session.get_session()
    session.register("before-send", recording.answer)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(botocore.session, "get_session", lambda: session)
        ports = bootstrap.make_ports(recording.settings, SystemClock(), SystemIds())
    patch.setattr(app, "ports", lambda: ports)
    patch.setattr(app, "settings", lambda: recording.settings)
    function = getattr(app, recording.function)
    return lambda: function(recording.event, None)


def _bare(recording: Recording) -> Callable[[], object]:
    """The same calls, nothing else."""
    session = boto3.Session()
    session.events.register("before-send", recording.answer)
    dynamodb = session.client("dynamodb")
    sockets = session.client("apigatewaymanagementapi", endpoint_url=ENDPOINT)
    calls = [
        (getattr(sockets if name == "PostToConnection" else dynamodb, xform_name(name)), request)
        for name, request in recording.calls
    ]

    def run() -> None:
        for call, request in calls:
            call(**request)

    return run


def _milliseconds(run: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    for _ in range(MESSAGES):
        run()
    return (time.process_time() - began) * 1000 / MESSAGES


if __name__ == "__main__":
    sys.stdout.write(json.dumps([_measure(name) for name in FLOWS]))
