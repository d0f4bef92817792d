"""What happened, in order, for the one who has to find out why."""

import hashlib


class History:
    """Lines of who did what, and when."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str, str]] = []

    def add(self, elapsed: int, who: str, what: str) -> None:
        """Write a line down; ``elapsed`` is in microseconds."""
        self.lines.append((elapsed, who, what))

    def text(self, about: str | None = None) -> str:
        """All lines, or those about one thing."""
        return "\n".join(
            f"{elapsed / 1e6:11.6f}  {who:<28} {what}"
            for elapsed, who, what in self.lines
            if about is None or about in who or about in what
        )

    def digest(self) -> str:
        """The same for two runs only if they did the same."""
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()[:16]
