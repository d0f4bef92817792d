"""stack.json: where everything is, for tests and tools."""

import json

from infra.local import seed
from infra.local.layout import REGION, STAGE, Layout


def webhook_url(layout: Layout) -> str:
    """Where the phone sends inbound messages, as Twilio would."""
    return f"{layout.rest_url}/twilio/messages"


def describe(layout: Layout, values: dict[str, str]) -> None:
    """Write stack.json; all that it names answers by then."""
    twilio = seed.credentials(layout)
    description = {
        "stage": STAGE,
        "rest_url": layout.rest_url,
        "socket_url": layout.socket_url,
        "desktop_url": f"{layout.edge_url}/desktop/",
        "demo_url": layout.demo_url,
        "phone_url": layout.phone_url,
        "tables": {
            "conversations": values["ConversationsTable"],
            "agents": values["AgentsTable"],
        },
        "queue": seed.QUEUE,
        "agents": seed.logins(),
        "user_pool_id": values["UserPool"],
        "user_pool_client_id": values["UserPoolClient"],
        "twilio": {
            "api_url": layout.phone_url,
            **twilio,
            "number": seed.NUMBER,
            "webhook_url": webhook_url(layout),
        },
        "aws": {
            "endpoint_url": layout.emulator_url,
            "region": REGION,
            "access_key_id": layout.cloud.access_key_id,
            "secret_access_key": layout.cloud.secret_access_key,
        },
    }
    scratch = layout.stack_file.with_suffix(".tmp")
    scratch.touch(mode=0o600)
    scratch.write_text(json.dumps(description, indent=2))
    scratch.rename(layout.stack_file)
