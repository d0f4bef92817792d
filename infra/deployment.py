"""`deploy`: bring an installation on AWS to this working copy."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra import ROOT, build, limits, web
from infra.cloud import Cloud
from infra.console import bold, say, step
from infra.errors import OperatorError
from infra.gateway import open_error_responses
from infra.interrupted import clear
from infra.record import Addresses, Record
from infra.stack import protect, provision, read_outputs, read_parameters, stands

API_STAGE = "api"
_OLDEST_PYTHON, _NEWEST_PYTHON = (3, 12), (3, 14)
"""3.11 escapes what is not ASCII in replies, so that they outgrow what Lambda takes; Chalice knows
no newer than 3.14."""

_DOMAIN = ("Domain", "Certificate")
_TWILIO = {"TwilioAccountSid": "TWILIO_ACCOUNT_SID", "TwilioAuthToken": "TWILIO_AUTH_TOKEN"}


def deploy(cloud: Cloud, stage: str, domain: Mapping[str, str]) -> None:
    """Provision, deploy the functions and APIs, publish the web clients.

    `domain` is the stack's `Domain` and `Certificate`; without them it keeps what it has.
    """
    _require_python_of_lambda(sys.version_info[:2])
    say(f"\n{bold('Lambdesk')}, stage {stage} in {cloud.region}\n")
    with step("Tables, queues, buckets, user pool"):
        outputs = provision_stage(cloud.client("cloudformation"), stage, domain)
    addresses = _deploy_application(cloud, stage, outputs)
    _publish_web(cloud, outputs, addresses)
    say()
    for title, url in (
        *_domain_record(outputs),
        ("Agent desktop", f"{outputs['WebUrl']}/desktop/"),
        ("Widget loader", f"{outputs['WebUrl']}/widget/loader.js"),
        ("REST API", addresses.rest_url),
        ("Twilio messaging webhook", f"{addresses.rest_url}/twilio/messages"),
    ):
        say(f"  {title:<26} {url}")
    say()


def provision_stage(cloudformation: Any, stage: str, domain: Mapping[str, str]) -> dict[str, str]:
    """Bring the stack of a stage to its template, and protect what holds data.

    While the stack is created nothing in it is protected: a failed creation takes back what it
    made, and the next one begins from nothing.
    """
    name = stack_name(stage)
    template = {"TemplateBody": (ROOT / "infra" / "template.yaml").read_text()}
    if not stands(cloudformation, name):
        provision(cloudformation, name, template, {"Stage": stage, **domain})
    kept = read_parameters(cloudformation, name)
    parameters = {key: kept.get(key, "") for key in _DOMAIN} | dict(domain)
    parameters |= {"Stage": stage, "Protection": "on"}
    protect(cloudformation, name)
    return provision(cloudformation, name, template, parameters)


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
    clear(cloud, record, stage, outputs)
    known = record.addresses()
    given = dict(outputs) | _twilio_account(cloud, stage)
    folder = build.prepare(stage, _values(stage, given, known))
    _reserve(cloud, stage, folder)
    with step("Functions, routes, sockets"):
        try:
            build.chalice(folder, "deploy", "--stage", stage, environ=cloud.environ())
        finally:
            record.store()
    addresses = record.addresses()
    if addresses != known:
        with step("Telling the functions their addresses"):
            values = _values(stage, given, addresses)
            _configure(cloud, record, values, build.prepare(stage, values))
    with step("Error responses and limits of the APIs"):
        open_error_responses(cloud.client("apigateway"), addresses.rest_api, API_STAGE)
        limits.limit_requests(cloud.client("apigateway"), addresses.rest_api, API_STAGE)
        limits.limit_sockets(cloud.client("apigatewayv2"), addresses.socket_api, API_STAGE)
    return addresses


def _reserve(cloud: Cloud, stage: str, folder: Path) -> None:
    """Reserve executions at once for the functions, where the account has as many."""
    wanted, possible = limits.reserved(cloud.client("lambda"), stage)
    if wanted <= possible:
        return
    build.reserve_nothing(folder)
    say(f"  No concurrency is reserved: {wanted} is wanted, and {max(possible, 0)} is there.")
    say("  Ask AWS for a quota of 1,000 concurrent executions, and deploy again.")


def _require_python_of_lambda(version: tuple[int, int]) -> None:
    if not _OLDEST_PYTHON <= version <= _NEWEST_PYTHON:
        found = ".".join(map(str, version))
        raise OperatorError(
            f"The functions run on the Python that deploys them, and {found} will not do: "
            "it has to be 3.12, 3.13 or 3.14.",
            "Install one of them and make the environment again: "
            "rm -rf .venv && make deploy PYTHON=python3.13 STAGE=…",
        )


def _domain_record(outputs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name = outputs["WebUrl"].removeprefix("https://")
    if name != outputs["WebDomain"]:
        yield "DNS record (CNAME)", f"{name} -> {outputs['WebDomain']}"


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
