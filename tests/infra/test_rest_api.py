from typing import Any

import pytest

from infra.local.application import adapt
from infra.local.rest_api import spell_out

HEADERS = {"method.response.header.Access-Control-Allow-Origin": "'*'"}


def proxy(**more: Any) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": "…"}}
    return {"x-amazon-apigateway-integration": integration, "responses": {"200": {}}, **more}


def preflight() -> dict[str, Any]:
    answer = {"statusCode": "200", "responseParameters": HEADERS}
    return {
        "responses": {"200": {"headers": {"Access-Control-Allow-Origin": {"type": "string"}}}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "responses": {"default": answer},
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
        },
    }


def packaged(paths: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Api",
        "Properties": {
            "StageName": "api",
            "DefinitionBody": {
                "info": {"title": "lambdesk"},
                "paths": paths,
                "securityDefinitions": {
                    "agents": {
                        "name": "Authorization",
                        "x-amazon-apigateway-authorizer": {
                            "type": "cognito_user_pools",
                            "providerARNs": ["arn:pool"],
                        },
                    }
                },
            },
        },
    }


PATHS = {
    "/": {"get": proxy()},
    "/agent/desk": {"get": proxy(security=[{"agents": []}]), "options": preflight()},
    "/agent/desk/{name}": {"post": proxy()},
    "/agent/desk-name": {"post": proxy()},
}


def of_type(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item["Properties"] for item in resources.values() if item["Type"].endswith(kind)]


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        named = {value["Ref"]} if isinstance(value.get("Ref"), str) else set()
        if isinstance(value.get("Fn::GetAtt"), list):
            named.add(value["Fn::GetAtt"][0])
        return named.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def test_each_route_is_a_method_on_its_own_path() -> None:
    resources = spell_out(packaged(PATHS), "pinned")
    parts = sorted(folder["PathPart"] for folder in of_type(resources, "::Resource"))
    assert parts == ["agent", "desk", "desk-name", "{name}"]
    assert len(of_type(resources, "::Method")) == 5
    assert references(resources) <= resources.keys()
    (api,) = of_type(resources, "::RestApi")
    assert api["Tags"] == [{"Key": "ms-custom-id", "Value": "pinned"}]


def test_agents_routes_ask_cognito_and_others_nobody() -> None:
    resources = spell_out(packaged(PATHS), "pinned")
    guarded = [m for m in of_type(resources, "::Method") if m["AuthorizationType"] != "NONE"]
    assert [(m["HttpMethod"], m["AuthorizerId"]) for m in guarded] == [
        ("GET", {"Ref": "RestAuthorizeragents"})
    ]
    (authorizer,) = of_type(resources, "::Authorizer")
    assert authorizer["ProviderARNs"] == ["arn:pool"]
    assert authorizer["Type"] == "COGNITO_USER_POOLS"


def test_preflight_answers_and_error_responses_keep_their_headers() -> None:
    resources = spell_out(packaged(PATHS), "pinned")
    (options,) = [m for m in of_type(resources, "::Method") if m["HttpMethod"] == "OPTIONS"]
    (answer,) = options["Integration"]["IntegrationResponses"]
    assert answer["ResponseParameters"] == HEADERS
    assert {r["ResponseType"] for r in of_type(resources, "::GatewayResponse")} == {
        "DEFAULT_4XX",
        "DEFAULT_5XX",
    }


@pytest.mark.parametrize("changed", [False, True])
def test_a_changed_definition_is_another_deployment(changed: bool) -> None:
    def deployment(paths: dict[str, Any]) -> str:
        resources = spell_out(packaged(paths), "pinned")
        return str(resources["RestStage"]["Properties"]["DeploymentId"]["Ref"])

    more = {"/new": {"get": proxy()}} if changed else {}
    assert (deployment(PATHS) != deployment(PATHS | more)) is changed


def test_the_packaged_template_is_adapted_to_the_emulator() -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./x.zip"}}
    template = {
        "Resources": {
            "RestAPI": packaged(PATHS),
            "APIHandler": function,
            "TimerDue": {**function, "Properties": dict(function["Properties"])},
            "WebsocketAPI": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}},
            "WebsocketAPIDeployment": {"Type": "AWS::ApiGatewayV2::Deployment"},
            "WebsocketAPIStage": {
                "Type": "AWS::ApiGatewayV2::Stage",
                "Properties": {"DeploymentId": {"Ref": "WebsocketAPIDeployment"}},
            },
        }
    }
    resources = adapt(template, "s3://bucket/code.zip")["Resources"]
    assert "WebsocketAPIDeployment" not in resources
    assert resources["WebsocketAPIStage"]["Properties"] == {"AutoDeploy": True}
    assert resources["RestAPI"]["Type"] == "AWS::ApiGateway::RestApi"
    assert resources["APIHandler"]["Properties"]["FunctionName"] == "lambdesk-local"
    assert resources["TimerDue"]["Properties"]["FunctionName"] == "lambdesk-local-timer_due"
    assert resources["TimerDue"]["Properties"]["CodeUri"] == "s3://bucket/code.zip"
