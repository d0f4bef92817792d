"""How much is let in: requests a second to each API, and functions that run at once.

API Gateway counts with a bucket of tokens: `rate` a second flow in, `burst` is what it holds.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.build import function_settings

LIMITS = Path(__file__).parent / "limits.json"

UNRESERVED = 100
"""Executions at once that AWS keeps for the functions of an account that reserve none."""

Limit = Mapping[str, int]


def limit_requests(apigateway: Any, api_id: str, stage: str) -> None:
    """Limit the REST API and its routes. Chalice cannot express this; it outlives deployments."""
    wanted = {_patch_path(route): limit for route, limit in _limits("rest").items()}
    current = apigateway.get_stage(restApiId=api_id, stageName=stage).get("methodSettings", {})
    operations = [
        {"op": "remove", "path": path} for path in map(_path_of_key, current) if path not in wanted
    ]
    for path, limit in wanted.items():
        for name, value in (("rateLimit", limit["rate"]), ("burstLimit", limit["burst"])):
            setting = f"{path}/throttling/{name}"
            operations.append({"op": "replace", "path": setting, "value": str(value)})
    apigateway.update_stage(restApiId=api_id, stageName=stage, patchOperations=operations)


def limit_sockets(apigatewayv2: Any, api_id: str, stage: str) -> None:
    """Limit the frames and the new connections of the socket API."""
    routes = {route: _throttling(limit) for route, limit in _limits("socket").items()}
    everything = routes.pop("*")
    apigatewayv2.update_stage(
        ApiId=api_id, StageName=stage, DefaultRouteSettings=everything, RouteSettings=routes
    )


def reserved(functions: Any, stage: str) -> tuple[int, int]:
    """How many executions at once the stage wants for itself, and how many it can have."""
    settings = function_settings()
    account = functions.get_account_settings()["AccountLimit"]
    held = sum(_held(functions, f"lambdesk-{stage}{_suffix(name)}") for name in settings)
    wanted = sum(function.get("reserved_concurrency", 0) for function in settings.values())
    return wanted, account["UnreservedConcurrentExecutions"] + held - UNRESERVED


def _suffix(function: str) -> str:
    # Chalice names the REST handler after the application alone.
    return "" if function == "api_handler" else f"-{function}"


def _held(functions: Any, name: str) -> int:
    try:
        settings: dict[str, int] = functions.get_function_concurrency(FunctionName=name)
    except functions.exceptions.ResourceNotFoundException:
        return 0
    return settings.get("ReservedConcurrentExecutions", 0)


def _limits(api: str) -> dict[str, Limit]:
    limits: dict[str, Limit] = json.loads(LIMITS.read_text())[api]
    return limits


def _patch_path(route: str) -> str:
    """Where a patch finds the settings of a route: slashes of the route's path are written ~1."""
    if route == "*":
        return "/*/*"
    verb, path = route.split(" ")
    return f"/{path.replace('/', '~1')}/{verb}"


def _path_of_key(key: str) -> str:
    """The same for a key of a stage's settings, however much of it is escaped there."""
    path, _, verb = key.replace("~1", "/").rpartition("/")
    return _patch_path("*" if path == "*" else f"{verb} /{path.strip('/')}")


def _throttling(limit: Limit) -> dict[str, float]:
    return {
        "ThrottlingRateLimit": float(limit["rate"]),
        "ThrottlingBurstLimit": limit["burst"],
    }
