"""What stops a command, in words for the person who ran it."""


class OperatorError(Exception):
    """Something the operator can put right; `remedy` says how."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
