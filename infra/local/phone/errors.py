"""Errors of Twilio's API and of the phones' own one."""


class TwilioError(Exception):
    """A refusal with Twilio's code, which the client library turns into an exception."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def as_dict(self) -> dict[str, str | int]:
        """Return the body of the response."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


class ControlError(Exception):
    """A refusal of the control API, in words for the person at the page."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


# What the page and `error_message` say about a delivery that failed.
DELIVERY_ERRORS = {
    30003: "Unreachable destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    63016: "Outside the allowed window: a template is needed",
}
