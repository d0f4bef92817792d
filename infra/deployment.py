"""`deploy`: bring an installation on AWS to this working copy."""

import os
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from infra import ROOT, build, web
from infra.cloud import Cloud
from infra.console import bold, say, step
from infra.gateway import open_error_responses
from infra.record import Addresses, Record
from infra.stack import provision, read_outputs

API_STAGE = "api"
_TWILIO = {"TwilioAccountSid": "TWILIO_ACCOUNT_SID", "TwilioAuthToken": "TWILIO_AUTH_TOKEN"}


def deploy(cloud: Cloud, stage: str) -> None:
    """Provision, deploy the functions and APIs, publish the web clients."""
    say(f"\n{bold('Lambdesk')}, stage {stage} in {cloud.region}\n")
    with step("Tables, queues, buckets, user pool"):
        outputs = provision(
            cloud.client("cloudformation"),
            stack_name(stage),
            {"TemplateBody": (ROOT / "infra" / "template.yaml").read_text()},
            {"Stage": stage},
        )
    addresses = _deploy_application(cloud, stage, outputs)
    _publish_web(cloud, outputs, addresses)
    say()
    for title, url in (
        ("Agent desktop", f"{outputs['WebUrl']}/desktop/"),
        ("Widget loader", f"{outputs['WebUrl']}/widget/loader.js"),
        ("REST API", addresses.rest_url),
        ("Twilio messaging webhook", f"{addresses.rest_url}/twilio/messages"),
    ):
        say(f"  {title:<26} {url}")
    say()


def stage_values(cloud: Cloud, stage: str) -> dict[str, str]:
    """The placeholders of a deployed stage, as far as its stack knows them."""
    outputs = read_outputs(cloud.client("cloudformation"), stack_name(stage))
    return build.placeholders(stage, outputs)


def stack_name(stage: str) -> str:
    """The name of a stage's CloudFormation stack."""
    return f"lambdesk-{stage}"


def _deploy_application(cloud: Cloud, stage: str, outputs: Mapping[str, str]) -> Addresses:
    record = Record(cloud.client("s3"), outputs["DeploymentsBucket"], stage)
    record.fetch()
    if cloud.endpoint_url:
        _make_way(cloud, record)
    known = record.addresses()
    given = dict(outputs) | _twilio_account(cloud, stage)
    with step("Functions, routes, sockets"):
        folder = build.prepare(stage, _values(stage, given, known))
        try:
            build.chalice(folder, "deploy", "--stage", stage, environ=cloud.environ())
        finally:
            record.store()
    addresses = record.addresses()
    if addresses != known:
        with step("Telling the functions their addresses"):
            values = _values(stage, given, addresses)
            _configure(cloud, record, values, build.prepare(stage, values))
    with step("Error responses of the REST API"):
        open_error_responses(cloud.client("apigateway"), addresses.rest_api, API_STAGE)
    return addresses


def _values(stage: str, given: Mapping[str, str], addresses: Addresses) -> dict[str, str]:
    return build.placeholders(
        stage,
        given,
        PublicBaseUrl=addresses.rest_url,
        # Until its id is known, a function may post to any socket API of the account.
        SocketApi=addresses.socket_api or "*",
    )


def _configure(cloud: Cloud, record: Record, values: Mapping[str, str], folder: Path) -> None:
    """Set what depends on the addresses: the functions' environment and their policies."""
    functions, iam = cloud.client("lambda"), cloud.client("iam")
    for name, arn, role in record.functions():
        functions.get_waiter("function_updated_v2").wait(FunctionName=arn)
        functions.update_function_configuration(
            FunctionName=arn, Environment={"Variables": build.environment(values)}
        )
        policy = folder / ".chalice" / f"policy-{name}.json"
        iam.put_role_policy(RoleName=role, PolicyName=role, PolicyDocument=policy.read_text())


def _make_way(cloud: Cloud, record: Record) -> None:
    """Remove the REST API where it cannot be replaced: MiniStack has no PutRestApi."""
    api = record.addresses().rest_api
    if api:
        cloud.client("apigateway").delete_rest_api(restApiId=api)
        record.forget("rest_api")


def _twilio_account(cloud: Cloud, stage: str) -> dict[str, str]:
    """The account in the operator's environment, else the one the functions have already."""
    try:
        function = cloud.client("lambda").get_function_configuration(
            FunctionName=f"lambdesk-{stage}"
        )
        current: dict[str, str] = function.get("Environment", {}).get("Variables", {})
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        current = {}
    return {
        placeholder: os.environ.get(variable) or current.get(variable, "")
        for placeholder, variable in _TWILIO.items()
    }


def _publish_web(cloud: Cloud, outputs: Mapping[str, str], addresses: Addresses) -> None:
    cognito_url = cloud.endpoint_url or f"https://cognito-idp.{cloud.region}.amazonaws.com/"
    config = web.client_config(
        outputs, addresses.rest_url, addresses.socket_url, cognito_url=cognito_url
    )
    web.build_and_publish(cloud.client("s3"), outputs["WebBucket"], config)
