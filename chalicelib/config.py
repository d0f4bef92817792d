"""What the environment says."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a deployed stage.

    ``public_base_url`` is the REST API's base as the outside sees it, with the stage and without a
    slash at the end; Twilio signs with it. ``socket_endpoint`` is set only where it cannot be told
    from a socket's own event. ``twilio_api_url`` is set only where a stand-in takes Twilio's place,
    ``captcha_url`` where one takes that of the providers of captchas.
    Agents sign in to ``user_pool_id`` by ``user_pool_client_id``.
    ``installation_id`` is known to nobody outside the account: with it source addresses are hashed.
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
    captcha_url: str
    installation_id: str
    user_pool_id: str
    user_pool_client_id: str


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises KeyError, naming the variable, when a required one is missing."""
    return Settings(
        conversations_table=environ["CONVERSATIONS_TABLE"],
        agents_table=environ["AGENTS_TABLE"],
        timer_queue_url=environ["TIMER_QUEUE_URL"],
        outbound_queue_url=environ["OUTBOUND_QUEUE_URL"],
        public_base_url=environ.get("PUBLIC_BASE_URL", ""),
        socket_endpoint=environ.get("SOCKET_ENDPOINT", ""),
        twilio_account_sid=environ.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_token=environ.get("TWILIO_AUTH_TOKEN", ""),
        twilio_api_url=environ.get("TWILIO_API_URL", ""),
        captcha_url=environ.get("CAPTCHA_URL", ""),
        installation_id=environ["INSTALLATION_ID"],
        user_pool_id=environ["USER_POOL_ARN"].rpartition("/")[2],
        user_pool_client_id=environ["USER_POOL_CLIENT_ID"],
    )
