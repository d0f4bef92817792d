from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.errors import OperatorError
from infra.stack import provision, read_outputs

OUTPUTS = [{"OutputKey": "Queue", "OutputValue": "q"}]


def client_error(message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "UpdateStack")


class CloudFormation:
    """Goes through the given statuses, one a call, and has nothing to update."""

    def __init__(self, *statuses: str, reason: str = "") -> None:
        self.statuses = list(statuses)
        self.reason = reason
        self.calls: list[str] = []

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if not status:
            raise client_error("Stack x does not exist")
        return {"Stacks": [{"StackStatus": status, "Outputs": OUTPUTS}]}

    def describe_stack_events(self, **_: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        old, new = (
            {
                "LogicalResourceId": name,
                "ResourceStatus": "CREATE_FAILED",
                "ResourceStatusReason": reason,
                "Timestamp": at,
            }
            for name, reason, at in (
                ("Before", "of another attempt", now - timedelta(hours=1)),
                ("Table", self.reason, now),
            )
        )
        return {"StackEvents": [new, old]}

    def create_stack(self, **arguments: Any) -> None:
        values = [parameter["ParameterValue"] for parameter in arguments["Parameters"]]
        self.calls.append(" ".join(["create", *values]))

    def update_stack(self, **_: Any) -> None:
        self.calls.append("update")
        raise client_error("No updates are to be performed.")

    def delete_stack(self, **_: Any) -> None:
        self.calls.append("delete")


def test_a_stack_is_created_with_its_parameters() -> None:
    cloudformation = CloudFormation("", "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    assert provision(cloudformation, "x", {"TemplateBody": ""}, {"Stage": "prod"}) == {"Queue": "q"}
    assert cloudformation.calls == ["create prod"]


def test_a_missing_stack_says_how_to_make_it() -> None:
    with pytest.raises(OperatorError) as caught:
        read_outputs(CloudFormation(""), "lambdesk-prod")
    assert "deploy" in caught.value.remedy


def test_nothing_to_change_is_no_error() -> None:
    cloudformation = CloudFormation("UPDATE_COMPLETE")
    assert provision(cloudformation, "x", {"TemplateBody": ""}, {}) == {"Queue": "q"}
    assert cloudformation.calls == ["update"]


def test_what_cloudformation_says_is_passed_on() -> None:
    cloudformation = CloudFormation("", "ROLLBACK_COMPLETE", reason="The name is taken.")
    with pytest.raises(OperatorError, match="ROLLBACK_COMPLETE") as caught:
        provision(cloudformation, "x", {"TemplateBody": ""}, {})
    assert caught.value.remedy == "  Table: The name is taken."


def test_the_rest_of_a_failed_creation_is_removed_first() -> None:
    cloudformation = CloudFormation("ROLLBACK_COMPLETE", "", "CREATE_COMPLETE")
    provision(cloudformation, "x", {"TemplateBody": ""}, {})
    assert cloudformation.calls == ["delete", "create"]
