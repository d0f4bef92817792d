"""``docs/asyncapi.json``: the socket as AsyncAPI 3.0, https://www.asyncapi.com/docs/reference."""

import inspect
import json
from typing import get_args

import msgspec
from msgspec import Struct

from chalicelib.protocol import VERSION, commands, frames
from chalicelib.protocol.frames import FRAME_BYTES
from tools.protocol import examples, parts
from tools.protocol.markdown import tag_of
from tools.protocol.schema import Schema, plain

_ANSWERS: tuple[type[Struct], ...] = (frames.Synced, frames.Ok, frames.Refused)
_COMMANDS = get_args(commands.AnyCommand)
_FRAMES = get_args(frames.AnyFrame)
_CHANNEL = {"$ref": "#/channels/socket"}


def render(definition: Schema) -> str:
    """The content of ``docs/asyncapi.json``."""
    pushed = [frame for frame in _FRAMES if frame not in _ANSWERS]
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
                "messages": {tag_of(part): _message_ref(part) for part in (*_COMMANDS, *_FRAMES)},
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
            **{tag_of(command): _command(command) for command in _COMMANDS},
            "push": {
                "action": "send",
                "channel": _CHANNEL,
                "summary": "What happens, as soon as it does.",
                "messages": [_in_channel(frame) for frame in pushed],
            },
        },
        "components": {
            "messages": {tag_of(part): _message(part) for part in (*_COMMANDS, *_FRAMES)},
            "schemas": parts.schemas(
                definition, [part.__name__ for part in (*_COMMANDS, *_FRAMES)]
            ),
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
    done = frames.Synced if command is commands.Sync else frames.Ok
    return {
        "action": "receive",
        "channel": _CHANNEL,
        "summary": _doc(command).splitlines()[0],
        "messages": [_in_channel(command)],
        "reply": {
            "channel": _CHANNEL,
            "messages": [_in_channel(done), _in_channel(frames.Refused)],
        },
    }


def _message(part: type[Struct]) -> Schema:
    message: Schema = {
        "name": tag_of(part),
        "description": _doc(part),
        "payload": parts.reference(part.__name__),
        "examples": [{"payload": msgspec.to_builtins(_example(part))}],
    }
    if part in _ANSWERS or part in _COMMANDS:
        message["correlationId"] = {"location": "$message.payload#/ref"}
    return message


def _example(part: type[Struct]) -> Struct:
    sent = [command for command, _ in examples.COMMANDS]
    return next(each for each in (*sent, *examples.FRAMES) if type(each) is part)


def _doc(part: type[Struct]) -> str:
    return plain(inspect.getdoc(part) or "")


def _in_channel(part: type[Struct]) -> Schema:
    return {"$ref": f"#/channels/socket/messages/{_escaped(tag_of(part))}"}


def _message_ref(part: type[Struct]) -> Schema:
    return {"$ref": f"#/components/messages/{_escaped(tag_of(part))}"}


def _escaped(name: str) -> str:
    """A name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
