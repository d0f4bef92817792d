"""MiniStack with the limits of size that it lacks: ``python -m infra.local.strict_ministack``."""

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from ministack.app import main
from ministack.services import apigateway, apigateway_v1

from infra.local import limits

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, dict[str, str], bytes]


def enforce() -> None:
    """Have MiniStack refuse what AWS refuses."""
    apigateway.handle_websocket = _with_small_frames(apigateway.handle_websocket)
    apigateway.handle_connections_api = _with_small_posts(apigateway.handle_connections_api)
    apigateway_v1._lambda_proxy_response = _with_small_replies(apigateway_v1._lambda_proxy_response)


def _with_small_frames(handle: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A socket that sends a larger frame is closed, and the function never sees it.

    Binary frames reach it in Base64.
    """

    async def handle_socket(
        scope: Any, receive: Receive, send: Send, *args: Any, **options: Any
    ) -> None:
        async def receive_small() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            frame = base64.b64encode(data).decode() if data else message.get("text") or ""
            if not limits.is_frame_too_large(data or frame):
                return {"type": "websocket.receive", "text": frame}
            await send({"type": "websocket.close", "code": limits.TOO_BIG})
            return {"type": "websocket.disconnect", "code": limits.TOO_BIG}

        await handle(scope, receive_small, send, *args, **options)

    return handle_socket


def _with_small_posts(handle: Callable[..., Awaitable[Answer]]) -> Callable[..., Awaitable[Answer]]:
    """A larger frame is not taken from the function."""

    async def handle_post(
        method: str, api_id: str, stage: str, connection_id: str, body: bytes, headers: Any
    ) -> Answer:
        if method == "POST" and limits.is_frame_too_large(body):
            headers = {
                "Content-Type": "application/json",
                "x-amzn-ErrorType": "PayloadTooLargeException",
            }
            return 413, headers, json.dumps({"message": "Payload too large"}).encode()
        return await handle(method, api_id, stage, connection_id, body, headers)

    return handle_post


def _with_small_replies(
    shape: Callable[[Any], tuple[Any, str | None]],
) -> Callable[[Any], tuple[Any, str | None]]:
    """A function that returns more fails."""

    def shape_reply(result: Any) -> tuple[Any, str | None]:
        reply, error = shape(result)
        if error is None and limits.is_reply_too_large(reply):
            return None, "Internal server error"
        return reply, error

    return shape_reply


if __name__ == "__main__":
    enforce()
    main()
