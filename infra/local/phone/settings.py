"""What the phone stand-in is started with."""

from dataclasses import dataclass
from pathlib import Path

API_VERSION = "2010-04-01"


@dataclass(frozen=True)
class PhoneSettings:
    """The account that is simulated, where its webhooks go, and how fast things happen."""

    account_sid: str
    auth_token: str
    number: str
    webhook_url: str
    data: Path
    company: str = ""
    # Where the application reaches this stand-in; the server fills it in once it is bound.
    api_url: str = ""
    step_delay: float = 0.4
    retries: int = 2
    retry_delay: float = 0.5
    timeout: float = 15.0
