"""Waiting for a condition, where nothing tells that it has come true."""

import time
from collections.abc import Callable


def comes_true(is_so: Callable[[], bool], seconds: float, between_looks: float = 0.05) -> bool:
    """Whether it is so within that time. All times are in seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(between_looks)
    return True
