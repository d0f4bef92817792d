"""The local stack itself: its data survives, and its policies are enforced."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from clients.python import AgentClient, CustomerClient, Refused
from proof.stack import ROOT, LocalStack

Json = dict[str, Any]


@pytest.fixture
def another_stack() -> Iterator[LocalStack]:
    """A stack that the test may stop."""
    home = Path(tempfile.mkdtemp(prefix="lambdesk-restart-"))
    stack = LocalStack(home)
    try:
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(home, ignore_errors=True)


def test_everything_is_there_after_a_restart(another_stack: LocalStack) -> None:
    another_stack.start()
    agent = _signed_in(another_stack.description)
    agent.ready()
    customer = CustomerClient(another_stack.description)
    answers = {"name": "Ada", "email": "ada@example.com", "message": "Will you remember me?"}
    customer.start("demo", answers)
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    agent.say(held, "Of course.")
    another_stack.stop()
    another_stack.start()
    agent = _signed_in(another_stack.description)
    agent.resume(held)
    assert agent.transcript(held).texts == ["Will you remember me?", "Of course."]
    agent.say(held, "Here we are again.")
    customer.resume()
    assert customer.texts[-1] == "Here we are again."


def test_a_permission_that_is_taken_away_is_missed(
    stack: Json, sign_in: Callable[[int], AgentClient]
) -> None:
    agent = sign_in(0)
    agent.ready()
    missing = _without(stack, "websocket_message", "dynamodb:PutItem")
    with missing, pytest.raises(Refused, match="internal"):
        agent.not_ready("Break")
    agent.not_ready("Break")


def test_an_operator_adds_a_queue_and_an_agent_who_serves_it(
    local_stack: LocalStack, stack: Json, tmp_path: Path
) -> None:
    settings = json.loads((ROOT / "infra" / "local" / "demo_queue.json").read_text())
    file = tmp_path / "sales.json"
    file.write_text(json.dumps(settings | {"id": "sales", "name": "Sales", "numbers": []}))
    agent = ["--email", "lena@demo.example", "--name", "Lena Oduya", "--queue", "sales"]
    refused = _operate(local_stack, "add-agent", *agent)
    assert refused.returncode == 1
    assert "There is no queue 'sales'. There are: demo" in refused.stderr
    assert "Queue sales is set up" in _operate(local_stack, "add-queue", "--file", file).stdout
    added = _operate(local_stack, "add-agent", *agent).stdout
    password = added.split("password ")[1].strip()
    lena = AgentClient(stack, "lena@demo.example", password)
    lena.connect()
    lena.ready()
    customer = CustomerClient(stack)
    answers = {"name": "Ada", "email": "ada@example.com", "message": "Do you sell tandems?"}
    customer.start("sales", answers)
    customer.connect()
    held = lena.accept(lena.wait_for_offer())["conversation_id"]
    lena.close(held, "Solved")
    lena.not_ready("Break")
    lena.disconnect()
    customer.disconnect()


def _operate(stack: LocalStack, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    place = {"LAMBDESK_HOME": str(stack.home), "LAMBDESK_PORT": str(stack.port)}
    return subprocess.run(
        [sys.executable, "-m", "infra", *arguments, "--stage", "local"],
        cwd=ROOT,
        env=os.environ | place,
        capture_output=True,
        text=True,
        check=False,
    )


def _signed_in(description: Json) -> AgentClient:
    who = description["agents"][0]
    client = AgentClient(description, who["email"], who["password"])
    client.connect()
    return client


class _without:  # noqa: N801 - reads as a word
    """Takes an action away from the role of a function, and gives it back."""

    def __init__(self, stack: Json, function: str, action: str) -> None:
        aws = stack["aws"]
        session = boto3.Session(
            aws["access_key_id"], aws["secret_access_key"], region_name=aws["region"]
        )
        self._iam = session.client("iam", endpoint_url=aws["endpoint_url"])
        self._action = action
        self._role = next(
            role["RoleName"]
            for role in self._iam.list_roles()["Roles"]
            if function.replace("_", "") in role["RoleName"].replace("_", "").lower()
        )
        (self._name,) = self._iam.list_role_policies(RoleName=self._role)["PolicyNames"]
        policy = self._iam.get_role_policy(RoleName=self._role, PolicyName=self._name)
        self._document = json.dumps(policy["PolicyDocument"])

    def __enter__(self) -> None:
        document = json.loads(self._document)
        for statement in document["Statement"]:
            statement["Action"] = [a for a in statement["Action"] if a != self._action]
        self._put(json.dumps(document))

    def __exit__(self, *_: object) -> None:
        self._put(self._document)

    def _put(self, document: str) -> None:
        self._iam.put_role_policy(
            RoleName=self._role, PolicyName=self._name, PolicyDocument=document
        )
