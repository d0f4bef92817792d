"""The demo desk: a queue with a number, and three people."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra import desk
from infra.local.layout import Layout

QUEUE = "demo"
NUMBER = "+15550100000"
QUEUE_FILE = Path(__file__).parent / "demo_queue.json"

# Printed when the stack starts; good for nothing but this computer's demo.
PASSWORD = "Demo-desk-2026"  # noqa: S105

AGENTS: tuple[dict[str, Any], ...] = (
    {"email": "mara@demo.example", "name": "Mara Lind", "role": "agent"},
    {"email": "theo@demo.example", "name": "Theo Brandt", "role": "agent"},
    {"email": "ines@demo.example", "name": "Ines Castro", "role": "supervisor"},
)
_CAPACITY = 3


def credentials(layout: Layout) -> dict[str, str]:
    """The stand-in Twilio account, made up once and kept."""
    file = layout.folder / "twilio.json"
    if not file.exists():
        made_up = {"account_sid": f"AC{secrets.token_hex(16)}", "auth_token": secrets.token_hex(16)}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(made_up))
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def seed(layout: Layout, values: Mapping[str, str]) -> None:
    """Write the demo desk unless it is there; later changes to it are kept."""
    cognito = layout.cloud.client("cognito-idp")
    pool = values["UserPool"]
    users = cognito.list_users(UserPoolId=pool, AttributesToGet=["email"])["Users"]
    if len(users) >= len(AGENTS):
        return
    writer = desk.provisioning(layout.cloud, values)
    desk.add_queue(writer, QUEUE_FILE)
    for agent in AGENTS:
        desk.add_agent(
            cognito, pool, writer, **agent, queues=[QUEUE], capacity=_CAPACITY, password=PASSWORD
        )


def logins() -> list[dict[str, str]]:
    """The people who can sign in, for the screen and for tests."""
    return [{**agent, "password": PASSWORD} for agent in AGENTS]
