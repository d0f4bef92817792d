from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deployment import provision_stage
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
        parameters = [{"ParameterKey": "Domain", "ParameterValue": "desk.example.com"}]
        stack = {"StackStatus": status, "Outputs": OUTPUTS, "Parameters": parameters}
        return {"Stacks": [stack]}

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

    def update_stack(self, **arguments: Any) -> None:
        values = [parameter["ParameterValue"] for parameter in arguments["Parameters"]]
        self.calls.append(" ".join(["update", *values]))
        raise client_error("No updates are to be performed.")

    def set_stack_policy(self, **_: Any) -> None:
        self.calls.append("set policy")

    def update_termination_protection(self, **_: Any) -> None:
        self.calls.append("protect")

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


def test_an_update_that_could_not_be_taken_back_says_what_to_do() -> None:
    cloudformation = CloudFormation("UPDATE_ROLLBACK_FAILED")
    with pytest.raises(OperatorError, match="taken back") as caught:
        provision(cloudformation, "x", {"TemplateBody": ""}, {})
    assert "continue-update-rollback" in caught.value.remedy
    assert cloudformation.calls == []


def test_nothing_is_protected_before_it_is_created() -> None:
    """CloudFormation cannot take back a protected table when the creation fails."""
    cloudformation = CloudFormation("", "", "CREATE_COMPLETE")
    provision_stage(cloudformation, "prod", {})
    assert cloudformation.calls[0] == "create prod"
    assert cloudformation.calls[1:3] == ["set policy", "protect"]
    assert cloudformation.calls[3].endswith("prod on")


def test_a_stage_keeps_its_domain_until_it_is_given_another() -> None:
    standing = CloudFormation("UPDATE_COMPLETE")
    provision_stage(standing, "prod", {})
    assert standing.calls[-1] == "update desk.example.com  prod on"
    provision_stage(standing, "prod", {"Domain": "help.example.com", "Certificate": "arn"})
    assert standing.calls[-1] == "update help.example.com arn prod on"
