"""`remove`: take an installation down, leaving what people wrote."""

from infra import build
from infra.cloud import Cloud
from infra.console import say, step
from infra.deployment import stack_name, stage_values
from infra.errors import OperatorError
from infra.record import Record
from infra.stack import discard

_KEPT = ("ConversationsTable", "AgentsTable", "AttachmentsBucket", "WebBucket", "DeploymentsBucket")


def remove(cloud: Cloud, stage: str, confirmed: str) -> None:
    """Delete functions, APIs, queues and distribution; keep tables, buckets and users."""
    values = stage_values(cloud, stage)
    if confirmed != stage:
        raise OperatorError(
            f"This takes the stage {stage} in {cloud.region} down.",
            f"To go on, name it twice: python -m infra remove --stage {stage} --confirm {stage}",
        )
    record = Record(cloud.client("s3"), values["DeploymentsBucket"], stage)
    record.fetch()
    if record.addresses().rest_api:
        folder = build.prepare(stage, values)
        with step("Functions, routes, sockets"):
            build.chalice(folder, "delete", "--stage", stage, environ=cloud.environ())
            record.discard()
    with step("Queues, distribution"):
        discard(cloud.client("cloudformation"), stack_name(stage))
    say("\nKept, with all their content; delete them by hand when nobody needs it:")
    for name in _KEPT:
        say(f"  {values[name]}")
    say(f"  user pool {values['UserPool']}")
