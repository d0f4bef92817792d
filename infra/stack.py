"""CloudFormation stacks: create or update one, wait for it, read its outputs."""

import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.errors import OperatorError

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_UNUSABLE = {"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"}
_SETTLED_WELL = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}

_NEVER_REPLACED = ["AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::S3::Bucket"]
_POLICY = {
    "Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": ["Update:Replace", "Update:Delete"],
            "Principal": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"ResourceType": _NEVER_REPLACED}},
        },
    ]
}


def provision(
    cloudformation: Any, name: str, template: Mapping[str, str], parameters: Mapping[str, str]
) -> dict[str, str]:
    """Bring the stack to the template and return its outputs.

    `template` is `{"TemplateBody": …}` or `{"TemplateURL": …}`.
    """
    arguments = {
        "StackName": name,
        **template,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        "Capabilities": _CAPABILITIES,
    }
    status = _settled_status(cloudformation, name)
    if status == "UPDATE_ROLLBACK_FAILED":
        raise OperatorError(
            f"An earlier update of the stack {name} could neither be finished nor taken back.",
            f"Correct the cause that its Events name, then: "
            f"aws cloudformation continue-update-rollback --stack-name {name}",
        )
    if status in _UNUSABLE:
        # A stack whose creation failed holds nothing and can only be deleted.
        discard(cloudformation, name)
        status = None
    started = time.time()
    if status is None:
        cloudformation.create_stack(**arguments)
    elif not _update(cloudformation, arguments):
        return read_outputs(cloudformation, name)
    status = _settled_status(cloudformation, name)
    if status not in _SETTLED_WELL:
        raise OperatorError(
            f"The stack {name} ended in {status}.", _failures(cloudformation, name, started)
        )
    return read_outputs(cloudformation, name)


def stands(cloudformation: Any, name: str) -> bool:
    """Whether the stack was ever created whole."""
    status = _settled_status(cloudformation, name)
    return status is not None and status not in _UNUSABLE


def protect(cloudformation: Any, name: str) -> None:
    """Let no update replace what holds data, and nobody delete the stack by mistake."""
    cloudformation.set_stack_policy(StackName=name, StackPolicyBody=json.dumps(_POLICY))
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=True)


def read_parameters(cloudformation: Any, name: str) -> dict[str, str]:
    """The parameters of a stack; none where there is no stack."""
    stack = _describe(cloudformation, name) or {}
    given = stack.get("Parameters", [])
    return {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in given}


def read_outputs(cloudformation: Any, name: str) -> dict[str, str]:
    """The outputs of a stack that exists."""
    stack = _describe(cloudformation, name)
    if stack is None:
        raise OperatorError(
            f"There is no stack {name}.", "Deploy it first: python -m infra deploy --stage …"
        )
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def discard(cloudformation: Any, name: str) -> None:
    """Delete the stack, all but the resources that it retains."""
    started = time.time()
    cloudformation.delete_stack(StackName=name)
    status = _settled_status(cloudformation, name)
    if status is not None:
        raise OperatorError(
            f"The stack {name} could not be deleted ({status}).",
            _failures(cloudformation, name, started),
        )


def _update(cloudformation: Any, arguments: Mapping[str, Any]) -> bool:
    try:
        cloudformation.update_stack(**arguments)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise
    return True


def _describe(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return stack


def _settled_status(cloudformation: Any, name: str) -> str | None:
    """Wait until nothing is in progress. None when there is no such stack."""
    pause = 0.1
    while True:
        stack = _describe(cloudformation, name)
        status: str | None = stack["StackStatus"] if stack else None
        if status is None or status == "DELETE_COMPLETE":
            return None
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(pause)
        # AWS takes minutes, the emulator a fraction of a second.
        pause = min(pause * 1.5, 5.0)


def _failures(cloudformation: Any, name: str, since: float) -> str:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    reasons = [
        f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if "FAILED" in event["ResourceStatus"] and event["Timestamp"].timestamp() >= since - 1
    ]
    return "\n".join(reasons) or "CloudFormation gave no reason."
