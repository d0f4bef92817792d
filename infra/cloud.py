"""Where the resources live: AWS, or the emulator that stands in for it."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.errors import OperatorError


@dataclass(frozen=True)
class Cloud:
    """One account and region. Without an endpoint it is whatever boto3 finds configured."""

    region: str | None = None
    endpoint_url: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None

    @cached_property
    def session(self) -> Any:
        """The boto3 session, with the operator's own credentials unless others are given."""
        return boto3.Session(
            region_name=self.region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
        )

    def client(self, service: str) -> Any:
        """A client for one AWS service."""
        return self.session.client(
            service,
            endpoint_url=self.endpoint_url,
            config=Config(connect_timeout=5, read_timeout=60, s3={"addressing_style": "path"})
            if self.endpoint_url
            else None,
        )

    def environ(self) -> dict[str, str]:
        """Environment variables that make a child process use the same place."""
        given = {
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
        }
        if self.access_key_id:
            # The operator's own session would contradict the given key.
            base = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        else:
            base = dict(os.environ)
        return base | {name: value for name, value in given.items() if value}


def operators_cloud() -> Cloud:
    """The account the operator is signed in to, refused early when there is none."""
    # AWS's other tools read AWS_REGION; boto3 reads AWS_DEFAULT_REGION alone.
    region = os.environ.get("AWS_REGION") or None
    cloud = Cloud(region=region, endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None)
    region = cloud.session.region_name
    if not region:
        raise OperatorError(
            "No AWS region is set.", "Set AWS_REGION, or `region` in your AWS profile."
        )
    cloud = Cloud(region=region, endpoint_url=cloud.endpoint_url)
    try:
        cloud.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise OperatorError(
            f"AWS does not accept the credentials: {error}",
            "Sign in (for example `aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.",
        ) from error
    return cloud
