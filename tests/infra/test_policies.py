import json
import re
from typing import Any

import pytest

from infra import ROOT, build
from proof.package import OUTPUTS

SETTINGS = ROOT / ".chalice"
FUNCTIONS = json.loads((SETTINGS / "config.json").read_text())["stages"]["${Stage}"][
    "lambda_functions"
]


def statements(function: str, **given: str) -> list[dict[str, Any]]:
    text = (SETTINGS / FUNCTIONS[function]["iam_policy_file"]).read_text()
    policy = json.loads(build.render(text, build.placeholders("prod", OUTPUTS, **given)))
    assert policy["Version"] == "2012-10-17"
    return list(policy["Statement"])


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def allowed(function: str) -> dict[str, set[str]]:
    """Actions by resource."""
    found: dict[str, set[str]] = {}
    for statement in statements(function):
        for resource in listed(statement["Resource"]):
            found.setdefault(resource, set()).update(listed(statement["Action"]))
    return found


def test_every_function_has_a_policy_of_its_own() -> None:
    used = [settings["iam_policy_file"] for settings in FUNCTIONS.values()]
    assert sorted(used) == sorted(path.name for path in SETTINGS.glob("policy-*.json"))
    assert all(f"policy-{name}.json" in used for name in FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_placeholder_is_resolved(function: str) -> None:
    assert "${" not in json.dumps(statements(function))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_policies_only_allow_and_name_each_action(function: str) -> None:
    for statement in statements(function):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_wildcard_reaches_beyond_a_table_a_queue_or_the_stage(function: str) -> None:
    for statement in statements(function, SocketApi="abc123"):
        for resource in listed(statement["Resource"]):
            service = resource.split(":")[2]
            if service in ("dynamodb", "sqs"):
                assert "*" not in resource
            elif service == "execute-api":
                connections = resource.partition(":123456789012:abc123/api/")[2]
                assert connections in ("POST/@connections/*", "DELETE/@connections/*")
            elif service == "ssm":
                assert resource.endswith(":123456789012:parameter/lambdesk/prod/*")
            else:
                assert re.fullmatch(r"arn:aws:logs:.*/lambdesk-prod[-\w]*:\*", resource)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nobody_may_scan_or_change_a_table_itself(function: str) -> None:
    items = {"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"}
    for resource, actions in allowed(function).items():
        if resource.split(":")[2] == "dynamodb":
            assert {action.removeprefix("dynamodb:") for action in actions} <= items


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_only_its_own_log(function: str) -> None:
    logs = [resource for resource in allowed(function) if ":logs:" in resource]
    suffix = "" if function == "api_handler" else f"-{function}"
    assert logs == [
        f"arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/lambdesk-prod{suffix}:*"
    ]


@pytest.mark.parametrize(
    ("function", "queue"), [("timer_due", "TimerQueueArn"), ("text_outbound", "OutboundQueueArn")]
)
def test_only_its_reader_takes_from_a_queue(function: str, queue: str) -> None:
    readers = [
        name
        for name in FUNCTIONS
        if "sqs:ReceiveMessage" in allowed(name).get(OUTPUTS[queue], set())
    ]
    assert readers == [function]


def test_a_text_may_be_postponed() -> None:
    postpone = "sqs:ChangeMessageVisibility"
    assert postpone in allowed("text_outbound")[OUTPUTS["OutboundQueueArn"]]
