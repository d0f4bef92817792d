"""`remove`: take an installation down, leaving what people wrote."""

from typing import Any

from infra import build
from infra.cloud import Cloud
from infra.console import say, step
from infra.deployment import stack_name, stage_values
from infra.errors import OperatorError
from infra.record import Record

_KEPT = ("ConversationsTable", "AgentsTable", "AttachmentsBucket", "DeploymentsBucket")


def remove(cloud: Cloud, stage: str, confirmed: str) -> None:
    """Delete functions, APIs and web clients; keep the stack, where deploying finds the data."""
    values = stage_values(cloud, stage)
    if confirmed != stage:
        raise OperatorError(
            f"This takes the stage {stage} in {cloud.region} down.",
            f"To go on, name it twice: python -m infra remove --stage {stage} --confirm {stage}",
        )
    record = Record(cloud.client("s3"), values["DeploymentsBucket"], stage)
    record.fetch()
    if not record.is_empty:
        folder = build.prepare(stage, values)
        with step("Functions, routes, sockets"):
            build.chalice(folder, "delete", "--stage", stage, environ=cloud.environ())
            record.discard()
    with step("Web clients"):
        _empty(cloud.client("s3"), values["WebBucket"])
    say(f"\nKept in the stack {stack_name(stage)}, with all their content:")
    for name in _KEPT:
        say(f"  {values[name]}")
    say(f"  user pool {values['UserPool']}")
    say(f"\nTo have the desk back with all of it: python -m infra deploy --stage {stage}")
    say("To delete it for good, see docs/operations.md.")


def _empty(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        objects = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})
