"""What AWS refuses because of its size. Neither the emulator nor moto does, so tests use this too.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
from typing import Any

FRAME_BYTES = 32 * 1024
"""Of a frame on a socket, either way."""

REPLY_BYTES = 6 * 1024 * 1024
"""Of what a function returns, as its runtime writes it."""

TOO_BIG = 1009
"""The code with which a socket is closed that sent a larger frame (RFC 6455, 7.4.1)."""


def is_frame_too_large(frame: str | bytes) -> bool:
    """Whether the gateway takes the frame from neither side."""
    data = frame.encode(errors="surrogatepass") if isinstance(frame, str) else frame
    return len(data) > FRAME_BYTES


def written_bytes(returned: Any) -> int:
    """The bytes of what a function returns, as the runtime of Python 3.11 writes it.

    It escapes all that is not ASCII, later ones do not.
    """
    return len(json.dumps(returned))


def is_reply_too_large(returned: Any) -> bool:
    """Whether Lambda fails the invocation because of what it returns."""
    return written_bytes(returned) > REPLY_BYTES
