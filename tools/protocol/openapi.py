"""``docs/openapi.json``: the REST routes as OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1.html."""

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.domain.errors import Internal, LambdeskError
from chalicelib.protocol import VERSION, errors, routes
from chalicelib.protocol.routes import Credential, Route
from tools.protocol import examples, parts
from tools.protocol.markdown import every_error
from tools.protocol.schema import Schema, plain

_JSON, _FORM, _XML = "application/json", "application/x-www-form-urlencoded", "text/xml"

_SECURITY: dict[Credential, list[dict[str, list[str]]]] = {
    "none": [],
    "optional customer token": [{}, {"customer_token": []}],
    "customer token": [{"customer_token": []}],
    "agent": [{"agent": []}],
    "signature": [{"twilio": []}],
}

_SECURITY_SCHEMES = {
    "customer_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The `customer_token` that a start gave.",
    },
    "agent": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The ID token of Amazon Cognito as it is, with no `Bearer` before it.",
    },
    "twilio": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Twilio-Signature",
        "description": "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
    },
}

_QUERY: dict[str, Schema] = {
    "after": {
        "description": "The number to begin behind; 0 when left out.",
        "schema": {"type": "string", "pattern": "^(0|[1-9][0-9]{0,8})$"},
    },
    "before": {
        "description": "The number to end before, in place of `after`: the newest events that fit.",
        "schema": {"type": "string", "pattern": "^(0|[1-9][0-9]{0,8})$"},
    },
    "page": {
        "description": "The `next_page` of the reply before; left out for the first.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    },
}

_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}


def render(definition: Schema) -> str:
    """The content of ``docs/openapi.json``."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes.ROUTES:
        paths[route.path][route.method.lower()] = _operation(route)
    bodies: list[type[Struct]] = [*_bodies(), errors.ErrorReply]
    document = {
        "openapi": "3.1.1",
        "info": {
            **parts.INFO,
            "version": str(VERSION),
            "description": "What customers and agents ask for over REST. How to use it is told in "
            "protocol.md, what comes on the socket in asyncapi.json.",
        },
        "servers": [
            {
                "url": "{rest_url}",
                "description": "Each installation has its own.",
                "variables": {"rest_url": {"default": "https://desk.example.com/api"}},
            }
        ],
        "paths": paths,
        "components": {
            "schemas": parts.schemas(definition, [body.__name__ for body in bodies]),
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _bodies() -> Iterator[type[Struct]]:
    for route in routes.ROUTES:
        yield from (body for body in (route.request, route.reply) if body)


def _operation(route: Route) -> Schema:
    exchange = examples.EXCHANGES[f"{route.method} {route.path}"]
    operation: Schema = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "security": _SECURITY[route.credential],
    }
    parameters = [*map(_in_path, re.findall(r"{(\w+)}", route.path)), *map(_in_query, route.query)]
    if parameters:
        operation["parameters"] = parameters
    if exchange.request is not None:
        operation["requestBody"] = {
            "required": True,
            "content": _content(route.request, exchange.request),
        }
    return operation | {"responses": _responses(route, exchange.reply)}


def _operation_id(route: Route) -> str:
    words = re.findall(r"[a-z]+", re.sub(r"{\w+}", "", route.path))
    return "_".join([route.method.lower(), *words])


def _in_path(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": _ID}


def _in_query(name: str) -> Schema:
    return {"name": name, "in": "query", **_QUERY[name]}


def _responses(route: Route, reply: Struct | str | None) -> Schema:
    success: Schema = {"description": "Done."}
    if reply is not None:
        success["content"] = _content(route.reply, reply)
    errors: dict[int, list[type[LambdeskError]]] = defaultdict(list)
    for error in every_error():
        if error.code in (*route.errors, Internal.code):
            errors[error.status].append(error)
    return {
        str(route.status): success,
        **{str(status): _refusal(refusals) for status, refusals in errors.items()},
        "default": {
            "description": "An answer of the gateway in front of Lambdesk, such as 429: judge it "
            "by its status."
        },
    }


def _refusal(refusals: list[type[LambdeskError]]) -> Schema:
    told = [f"`{error.code}`: {plain(inspect.getdoc(error) or '')}" for error in refusals]
    codes = {"properties": {"code": {"enum": [error.code for error in refusals]}}}
    schema = {"allOf": [parts.reference("ErrorReply"), {"properties": {"error": codes}}]}
    return {"description": "\n\n".join(told), "content": {_JSON: {"schema": schema}}}


def _content(struct: type[Struct] | None, example: Struct | str) -> Schema:
    if isinstance(example, str):
        is_xml = example.startswith("<")
        schema = {"type": "string" if is_xml else "object"}
        return {_XML if is_xml else _FORM: {"schema": schema}}
    body = {"example": msgspec.to_builtins(example)}
    return {_JSON: {"schema": parts.reference(struct.__name__) if struct else {}} | body}
