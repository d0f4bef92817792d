"""The REST API spelled out for the emulator.

Chalice packages the routes as one OpenAPI document. The emulator ignores the preflight
responses in it and replaces the whole API when it changes, so each route becomes resources
of its own, which it keeps and updates in place.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from infra.gateway import CROSS_ORIGIN, ERROR_RESPONSES

_API = {"Ref": "RestAPI"}

Resources = dict[str, Any]


def spell_out(packaged: dict[str, Any], custom_id: str) -> Resources:
    """CloudFormation resources equivalent to Chalice's `AWS::Serverless::Api`."""
    definition = packaged["Properties"]["DefinitionBody"]
    methods = dict(_methods(definition["paths"]))
    resources: Resources = {
        "RestAPI": {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {
                "Name": definition["info"]["title"],
                "Tags": [{"Key": "ms-custom-id", "Value": custom_id}],
                "BinaryMediaTypes": definition.get("x-amazon-apigateway-binary-media-types", []),
            },
        }
    }
    resources |= dict(_authorizers(definition)) | dict(_folders(definition["paths"])) | methods
    resources |= dict(_error_responses())
    return resources | _stage(packaged["Properties"]["StageName"], resources)


def _stage(name: str, resources: Resources) -> Resources:
    # A deployment is a snapshot: a changed definition needs another one.
    digest = hashlib.sha256(json.dumps(resources, sort_keys=True).encode()).hexdigest()[:12]
    deployment = f"RestDeployment{digest}"
    return {
        deployment: {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": sorted(resources),
            "Properties": {"RestApiId": _API},
        },
        "RestStage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "RestApiId": _API,
                "StageName": name,
                "DeploymentId": {"Ref": deployment},
            },
        },
    }


def _authorizers(definition: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, scheme in definition.get("securityDefinitions", {}).items():
        settings = scheme.get("x-amazon-apigateway-authorizer")
        if settings:
            yield (
                _authorizer_id(name),
                {
                    "Type": "AWS::ApiGateway::Authorizer",
                    "Properties": {
                        "RestApiId": _API,
                        "Name": name,
                        "Type": settings["type"].upper(),
                        "IdentitySource": f"method.request.header.{scheme['name']}",
                        "ProviderARNs": settings["providerARNs"],
                    },
                },
            )


def _folders(paths: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for path in paths:
        parts = path.strip("/").split("/")
        for depth, part in enumerate(parts if path != "/" else [], 1):
            yield (
                _folder_id(parts[:depth]),
                {
                    "Type": "AWS::ApiGateway::Resource",
                    "Properties": {
                        "RestApiId": _API,
                        "ParentId": _folder_ref(parts[: depth - 1]),
                        "PathPart": part,
                    },
                },
            )


def _methods(paths: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, operations in paths.items():
        parts = path.strip("/").split("/") if path != "/" else []
        for verb, operation in operations.items():
            properties = {
                "RestApiId": _API,
                "ResourceId": _folder_ref(parts),
                "HttpMethod": verb.upper(),
                "Integration": _integration(operation["x-amazon-apigateway-integration"]),
                **_authorization(operation),
            }
            if "headers" in operation["responses"]["200"]:
                properties["MethodResponses"] = [_method_response(operation)]
            yield (
                f"{_folder_id(parts)}{verb.title()}",
                {"Type": "AWS::ApiGateway::Method", "Properties": properties},
            )


def _authorization(operation: dict[str, Any]) -> dict[str, Any]:
    for requirement in operation.get("security", []):
        for name in requirement:
            if name != "api_key":
                return {
                    "AuthorizationType": "COGNITO_USER_POOLS",
                    "AuthorizerId": {"Ref": _authorizer_id(name)},
                }
    return {"AuthorizationType": "NONE"}


def _integration(described: dict[str, Any]) -> dict[str, Any]:
    if described["type"] != "mock":
        return {
            "Type": described["type"].upper(),
            "IntegrationHttpMethod": described["httpMethod"],
            "Uri": described["uri"],
        }
    answer = described["responses"]["default"]
    return {
        "Type": "MOCK",
        "RequestTemplates": described["requestTemplates"],
        "IntegrationResponses": [
            {
                "StatusCode": answer["statusCode"],
                "ResponseParameters": answer["responseParameters"],
            }
        ],
    }


def _method_response(operation: dict[str, Any]) -> dict[str, Any]:
    headers = operation["responses"]["200"]["headers"]
    return {
        "StatusCode": "200",
        "ResponseParameters": {f"method.response.header.{name}": False for name in headers},
    }


def _error_responses() -> Iterator[tuple[str, Any]]:
    for kind in ERROR_RESPONSES:
        yield (
            f"RestError{kind.rpartition('_')[2]}",
            {
                "Type": "AWS::ApiGateway::GatewayResponse",
                "Properties": {
                    "RestApiId": _API,
                    "ResponseType": kind,
                    "ResponseParameters": CROSS_ORIGIN,
                },
            },
        )


def _authorizer_id(name: str) -> str:
    return f"RestAuthorizer{re.sub(r'[^A-Za-z0-9]', '', name)}"


def _folder_id(parts: list[str]) -> str:
    # Readable, and distinct even where only punctuation differs.
    path = "/".join(parts)
    words = re.sub(r"[^A-Za-z0-9]", "", "".join(part.title() for part in parts))
    return f"Rest{words}{hashlib.sha256(path.encode()).hexdigest()[:6]}"


def _folder_ref(parts: list[str]) -> dict[str, Any]:
    if not parts:
        return {"Fn::GetAtt": ["RestAPI", "RootResourceId"]}
    return {"Ref": _folder_id(parts)}
