"""Which desk an operator means by the name of a stage."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.cloud import Cloud, operators_cloud
from infra.deployment import stage_values
from infra.errors import OperatorError
from infra.local import layout, seed


@dataclass(frozen=True)
class Place:
    """A desk that runs: where, and the values of its stack.

    New agents get `password` at once, where nobody would bring them an invitation.
    """

    cloud: Cloud
    values: Mapping[str, str]
    password: str | None = None


def find(stage: str) -> Place:
    """The stage on AWS, or the local stack by its name. Raises OperatorError without one."""
    if stage != layout.STAGE:
        cloud = operators_cloud()
        return Place(cloud, stage_values(cloud, stage))
    here = layout.Layout.from_environment()
    here.running()
    return Place(here.cloud, stage_values(here.cloud, stage), seed.PASSWORD)


def on_aws(stage: str) -> Cloud:
    """The operator's account, for a stage that is not the local stack."""
    if stage == layout.STAGE:
        raise OperatorError(
            f"The stage {stage} is the stack on this computer.",
            "It has commands of its own: make run, make redeploy, make reset.",
        )
    return operators_cloud()
