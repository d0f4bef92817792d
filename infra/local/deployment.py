"""Everything between a running emulator and a working desk."""

from collections.abc import Iterator
from contextlib import contextmanager

from infra import ROOT, build, web
from infra.console import step
from infra.errors import OperatorError
from infra.local import seed
from infra.local.application import deploy_application
from infra.local.layout import SOCKET_API, STAGE, Layout
from infra.stack import provision

INFRA_STACK = f"lambdesk-{STAGE}"


def deploy(layout: Layout, *, with_web: bool = True) -> dict[str, str]:
    """Bring infrastructure, functions, web clients and demo desk up to date."""
    with step("Tables, queues, buckets, user pool"), _reset_as_remedy():
        values = infrastructure(layout)
    with step("Functions, routes, sockets"):
        deploy_application(layout, values)
    if with_web:
        publish_web(layout, values)
    return values


@contextmanager
def _reset_as_remedy() -> Iterator[None]:
    try:
        yield
    except OperatorError as error:
        raise OperatorError(
            str(error),
            f"{error.remedy}\nThe local data may be of another version: `make reset` forgets it.",
        ) from error


def infrastructure(layout: Layout) -> dict[str, str]:
    """Provision the stack that AWS gets too; its outputs with the values known here."""
    outputs = provision(
        layout.cloud.client("cloudformation"),
        INFRA_STACK,
        {"TemplateBody": (ROOT / "infra" / "template.yaml").read_text()},
        {"Stage": STAGE},
    )
    twilio = seed.credentials(layout)
    return build.placeholders(
        STAGE,
        outputs,
        PublicBaseUrl=layout.rest_url,
        SocketEndpoint=layout.socket_endpoint,
        SocketApi=SOCKET_API,
        TwilioAccountSid=twilio["account_sid"],
        TwilioAuthToken=twilio["auth_token"],
        TwilioApiUrl=layout.phone_url,
    )


def publish_web(layout: Layout, values: dict[str, str]) -> None:
    """Build what changed and put both clients where the edge serves them."""
    config = web.client_config(
        values, layout.rest_url, layout.socket_url, cognito_url=layout.emulator_url
    )
    web.build_and_publish(layout.cloud.client("s3"), values["WebBucket"], config)
