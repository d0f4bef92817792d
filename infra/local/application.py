"""Deploying the packaged application to the emulator through CloudFormation."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from infra import build, limits
from infra.local.layout import API_STAGE, REST_API, SOCKET_API, STAGE, Layout
from infra.local.rest_api import spell_out
from infra.stack import provision

APP_STACK = f"lambdesk-{STAGE}-app"


def deploy_application(layout: Layout, values: Mapping[str, str]) -> None:
    """Package app.py and bring the functions, the routes and the sockets to it."""
    directory = build.prepare(STAGE, values, vendor=False)
    output = directory / "package"
    build.chalice(
        directory, "package", "--stage", STAGE, str(output), environ=layout.cloud.environ()
    )
    bucket = values["DeploymentsBucket"]
    code = _upload(layout, bucket, (output / "deployment.zip").read_bytes(), "zip")
    template = adapt(json.loads((output / "sam.json").read_text()), f"s3://{bucket}/{code}")
    url = _upload(layout, bucket, json.dumps(template).encode(), "json")
    provision(
        layout.cloud.client("cloudformation"),
        APP_STACK,
        {"TemplateURL": f"{layout.emulator_url}/{bucket}/{url}"},
        {},
    )
    limits.limit_requests(layout.cloud.client("apigateway"), REST_API, API_STAGE)
    limits.limit_sockets(layout.cloud.client("apigatewayv2"), SOCKET_API, API_STAGE)


def adapt(template: dict[str, Any], code_uri: str) -> dict[str, Any]:
    """The packaged template as the emulator can take it.

    It does not know socket deployments and deploys a stage by itself when asked to. API ids
    are pinned, so that every URL is known beforehand and stays; functions get the names that
    `chalice deploy` gives them, which are those of their log groups.
    """
    resources = template["Resources"]
    resources.pop("WebsocketAPIDeployment", None)
    stage = resources["WebsocketAPIStage"]["Properties"]
    stage.pop("DeploymentId", None)
    stage["AutoDeploy"] = True
    resources["WebsocketAPI"]["Properties"]["Tags"] = {"ms-custom-id": SOCKET_API}
    resources |= spell_out(resources.pop("RestAPI"), REST_API)
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = code_uri
            resource["Properties"]["FunctionName"] = _function_name(name)
    return template


def _function_name(logical_id: str) -> str:
    if logical_id == "APIHandler":
        return f"lambdesk-{STAGE}"
    return f"lambdesk-{STAGE}-{re.sub(r'(?<!^)(?=[A-Z])', '_', logical_id).lower()}"


def _upload(layout: Layout, bucket: str, body: bytes, kind: str) -> str:
    key = f"{hashlib.sha256(body).hexdigest()[:32]}.{kind}"
    layout.cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return key
