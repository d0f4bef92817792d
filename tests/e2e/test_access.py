"""Who is let in, and for how much, on the packaged application with its policies enforced."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3

from clients.python import AgentClient, CustomerClient
from proof.stack import ROOT, LocalStack

Json = dict[str, Any]
Operate = Callable[..., None]

EMAIL, PASSWORD = "nora@demo.example", "Only-for-tests-2026"


@pytest.fixture
def operate(stack: Json, local_stack: LocalStack) -> Operate:
    """The operator's command line, at the emulator."""
    aws = stack["aws"]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "LAMBDESK_HOME": str(local_stack.home),
        "LAMBDESK_PORT": str(local_stack.port),
        "AWS_ENDPOINT_URL": aws["endpoint_url"],
        "AWS_REGION": aws["region"],
        "AWS_DEFAULT_REGION": aws["region"],
        "AWS_ACCESS_KEY_ID": aws["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": aws["secret_access_key"],
    }

    def operate(command: str, *arguments: str) -> None:
        line = [sys.executable, "-m", "infra", command, "--stage", "local", *arguments]
        subprocess.run(line, cwd=ROOT, env=environ, check=True)

    return operate


@pytest.fixture
def cognito(stack: Json) -> Any:
    """The user pool's API."""
    aws = stack["aws"]
    return boto3.client(
        "cognito-idp",
        endpoint_url=aws["endpoint_url"],
        region_name=aws["region"],
        aws_access_key_id=aws["access_key_id"],
        aws_secret_access_key=aws["secret_access_key"],
    )


def desk_with(stack: Json, token: str) -> int:
    """The status of a request for the desk."""
    url = f"{stack['rest_url']}/agent/desk"
    return urllib3.request("GET", url, headers={"Authorization": token}).status


def test_an_access_token_is_no_id_token(stack: Json, cognito: Any) -> None:
    who = stack["agents"][0]
    tokens = cognito.initiate_auth(
        ClientId=stack["user_pool_client_id"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": who["email"], "PASSWORD": who["password"]},
    )["AuthenticationResult"]
    assert desk_with(stack, tokens["IdToken"]) == 200
    assert desk_with(stack, tokens["AccessToken"]) == 403


def test_a_removed_agent_is_out(
    stack: Json, operate: Operate, cognito: Any, customer: Callable[..., CustomerClient]
) -> None:
    operate("add-agent", "--email", EMAIL, "--name", "Nora", "--queue", stack["queue"])
    cognito.admin_set_user_password(
        UserPoolId=stack["user_pool_id"], Username=EMAIL, Password=PASSWORD, Permanent=True
    )
    nora = AgentClient(stack, EMAIL, PASSWORD)
    nora.connect()
    nora.ready()
    ada = customer()
    nora.accept(nora.wait_for_offer())
    token = nora._credential()["Authorization"]
    assert desk_with(stack, token) == 200
    operate("remove-agent", "--email", EMAIL)
    nora.wait_for(lambda client: not client.is_connected, "the end of the socket")
    assert desk_with(stack, token) == 403
    ada.wait_for(lambda client: client.status == "waiting", "the return to the queue")
    assert not cognito.list_users(UserPoolId=stack["user_pool_id"], Filter=f'email = "{EMAIL}"')[
        "Users"
    ]
    ada.end()


def test_starts_are_limited(stack: Json, operate: Operate, tmp_path: Path) -> None:
    settings = json.loads((ROOT / "infra/local/demo_queue.json").read_text())
    settings.update(id="limited", name="Limited", numbers=[], starts_per_address=2)
    # As long as can be: hardly a test meets its end.
    settings.update(starts_within=86_400)
    file = tmp_path / "limited.json"
    file.write_text(json.dumps(settings))
    operate("add-queue", "--file", str(file))
    replies = [start(stack, number, "192.0.2.1") for number in range(3)]
    assert [reply.status for reply in replies] == [201, 201, 429]
    seconds = replies[-1].json()["error"]["retry_after"]
    assert seconds > 0
    assert replies[-1].headers["Retry-After"] == str(seconds)
    assert [start(stack, 0, "192.0.2.1").status, start(stack, 3, "192.0.2.2").status] == [201, 201]


def start(stack: Json, number: int, source: str) -> Any:
    """A start that the emulator takes for one from this address."""
    body = {
        "start_id": f"start-of-the-limited-queue-{number}",
        "queue_id": "limited",
        "answers": {"name": "Ada", "email": "ada@example.com", "message": "Hello"},
    }
    url = f"{stack['rest_url']}/widget/conversations"
    return urllib3.request("POST", url, json=body, headers={"X-Forwarded-For": source})


def test_a_socket_that_pays_no_heed_is_ended(customer: Callable[..., CustomerClient]) -> None:
    ada = customer()
    assert ada._socket is not None
    try:
        for _ in range(400):
            ada._socket.send({"type": "nonsense"})
    except ConnectionError:
        pass  # It was ended while we went on.
    ada.wait_for(lambda client: not client.is_connected, "the end of the socket", 120)
    ada.end()
