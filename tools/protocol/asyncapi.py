"""``docs/asyncapi.json``: the socket as AsyncAPI 3.0, https://www.asyncapi.com/docs/reference."""

import inspect
import json
from typing import get_args

import msgspec
from msgspec import Struct

from chalicelib.protocol import VERSION, socket
from chalicelib.protocol.socket import FRAME_BYTES
from tools.protocol import examples, parts
from tools.protocol.markdown import tag_of
from tools.protocol.schema import Schema, plain

_ANSWERS: tuple[type[Struct], ...] = (socket.Synced, socket.Ok, socket.Refused)
_CHANNEL = {"$ref": "#/channels/socket"}


def render(definition: Schema) -> str:
    """The content of ``docs/asyncapi.json``."""
    commands, frames = get_args(socket.AnyCommand), get_args(socket.AnyFrame)
    pushed = [frame for frame in frames if frame not in _ANSWERS]
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": parts.INFO["title"],
            "version": str(VERSION),
            "license": {"name": "MIT"},
            "description": "Commands and frames on the socket of Lambdesk, from its side: it "
            "receives commands and sends frames. How to use it is told in protocol.md, what there "
            "is over REST in openapi.json.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "installation": {
                "host": "{host}",
                "pathname": "/{stage}",
                "protocol": "wss",
                "description": "Each installation has its own `socket_url`.",
                "variables": {
                    "host": {"default": "desk.example.com"},
                    "stage": {"default": "api"},
                },
                "security": [{"$ref": "#/components/securitySchemes/ticket"}],
            }
        },
        "channels": {
            "socket": {
                "address": "/",
                "description": "One JSON object in one text frame, of at most "
                f"{FRAME_BYTES:,} bytes.",
                "messages": {tag_of(part): _message_ref(part) for part in (*commands, *frames)},
                "bindings": {
                    "ws": {
                        "query": {
                            "type": "object",
                            "properties": {"ticket": {"type": "string"}},
                            "required": ["ticket"],
                        }
                    }
                },
            }
        },
        "operations": {
            **{tag_of(command): _command(command) for command in commands},
            "push": {
                "action": "send",
                "channel": _CHANNEL,
                "summary": "What happens, as soon as it does.",
                "messages": [_in_channel(frame) for frame in pushed],
            },
        },
        "components": {
            "messages": {tag_of(part): _message(part) for part in (*commands, *frames)},
            "schemas": parts.schemas(definition, [part.__name__ for part in (*commands, *frames)]),
            "securitySchemes": {
                "ticket": {
                    "type": "httpApiKey",
                    "in": "query",
                    "name": "ticket",
                    "description": "Got over REST; good for one socket and 30 seconds.",
                }
            },
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _command(command: type[Struct]) -> Schema:
    done = socket.Synced if command is socket.Sync else socket.Ok
    return {
        "action": "receive",
        "channel": _CHANNEL,
        "summary": _doc(command).splitlines()[0],
        "messages": [_in_channel(command)],
        "reply": {
            "channel": _CHANNEL,
            "messages": [_in_channel(done), _in_channel(socket.Refused)],
        },
    }


def _message(part: type[Struct]) -> Schema:
    message: Schema = {
        "name": tag_of(part),
        "description": _doc(part),
        "payload": parts.reference(part.__name__),
        "examples": [{"payload": msgspec.to_builtins(_example(part))}],
    }
    if part in _ANSWERS or part in get_args(socket.AnyCommand):
        message["correlationId"] = {"location": "$message.payload#/ref"}
    return message


def _example(part: type[Struct]) -> Struct:
    commands = [command for command, _ in examples.COMMANDS]
    return next(each for each in (*commands, *examples.FRAMES) if type(each) is part)


def _doc(part: type[Struct]) -> str:
    return plain(inspect.getdoc(part) or "")


def _in_channel(part: type[Struct]) -> Schema:
    return {"$ref": f"#/channels/socket/messages/{_escaped(tag_of(part))}"}


def _message_ref(part: type[Struct]) -> Schema:
    return {"$ref": f"#/components/messages/{_escaped(tag_of(part))}"}


def _escaped(name: str) -> str:
    """A name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
