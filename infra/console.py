"""What the commands print: one line a step, with its time."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from infra.errors import OperatorError

_WIDTH = 46


def _styled(code: str, text: str) -> str:
    plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
    return text if plain else f"\033[{code}m{text}\033[0m"


def bold(text: str) -> str:
    """The text in bold, on a terminal."""
    return _styled("1", text)


def dim(text: str) -> str:
    """The text in a quieter colour, on a terminal."""
    return _styled("2", text)


def say(text: str = "") -> None:
    """Print a line now, also into a pipe."""
    print(text, flush=True)


def complain(error: OperatorError) -> None:
    """Print what went wrong and how to put it right."""
    print(f"\n{_styled('31', 'Stopped:')} {error}", file=sys.stderr)
    if error.remedy:
        print(error.remedy, file=sys.stderr)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and print how long it took when it is done."""
    on_terminal = sys.stdout.isatty()
    started = time.monotonic()
    if on_terminal:
        print(f"  {title} …", end="", flush=True)
    try:
        yield
    except BaseException:
        say(f"{chr(13) if on_terminal else ''}  {title:<{_WIDTH}} failed")
        raise
    took = dim(f"{time.monotonic() - started:5.1f} s")
    say(f"{chr(13) if on_terminal else ''}  {title:<{_WIDTH}} {took}")
