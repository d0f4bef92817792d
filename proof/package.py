"""The package that Lambda gets, for tests and benchmarks that run it."""

import os
import platform
from pathlib import Path

import pytest

from infra import build

OUTPUTS = {
    "Account": "123456789012",
    "Partition": "aws",
    "Region": "eu-west-1",
    "ConversationsTable": "lambdesk-prod-conversations",
    "ConversationsTableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/conversations",
    "AgentsTable": "lambdesk-prod-agents",
    "AgentsTableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/agents",
    "TimerQueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/timers",
    "TimerQueueArn": "arn:aws:sqs:eu-west-1:123456789012:timers",
    "OutboundQueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/outbound.fifo",
    "OutboundQueueArn": "arn:aws:sqs:eu-west-1:123456789012:outbound.fifo",
    "InstallationId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/lambdesk-prod/1",
    "UserPoolClient": "client",
    "UserPoolArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_x",
}
"""What the infra stack of an installation gives to the application's."""


def make_package(home: Path) -> Path:
    """Package the application, in this folder, for a machine like this one."""
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    environ = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("LAMBDESK_HOME", str(home))
        values = build.placeholders("prod", OUTPUTS, Architecture=architecture)
        directory = build.prepare("prod", values)
        output = home / "output"
        build.chalice(directory, "package", "--stage", "prod", str(output), environ=environ)
    return output / "deployment.zip"
