"""What the environment says."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a deployed stage.

    ``public_base_url`` is the REST API's base as the outside sees it, with the stage and without a
    slash at the end; Twilio signs with it. ``socket_endpoint`` is set only where it cannot be told
    from a socket's own event. ``twilio_api_url`` is set only where a stand-in takes Twilio's place.
    """

    conversations_table: str
    agents_table: str
    timer_queue_url: str
    outbound_queue_url: str
    public_base_url: str
    socket_endpoint: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_api_url: str


def read_settings() -> Settings:
    """Raises KeyError, naming the variable, when a required one is missing."""
    return Settings(
        conversations_table=os.environ["CONVERSATIONS_TABLE"],
        agents_table=os.environ["AGENTS_TABLE"],
        timer_queue_url=os.environ["TIMER_QUEUE_URL"],
        outbound_queue_url=os.environ["OUTBOUND_QUEUE_URL"],
        public_base_url=os.environ.get("PUBLIC_BASE_URL", ""),
        socket_endpoint=os.environ.get("SOCKET_ENDPOINT", ""),
        twilio_account_sid=os.environ.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_token=os.environ.get("TWILIO_AUTH_TOKEN", ""),
        twilio_api_url=os.environ.get("TWILIO_API_URL", ""),
    )
