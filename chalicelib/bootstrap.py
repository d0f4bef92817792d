"""Puts the parts together, once in each Lambda worker, and each part only when it is needed."""

from functools import cache, cached_property
from typing import Any

import botocore.session
from botocore.config import Config

from chalicelib.adapters.captcha import CaptchaProviders
from chalicelib.adapters.dynamodb.access import AccessTable
from chalicelib.adapters.dynamodb.addresses import AddressTable
from chalicelib.adapters.dynamodb.agents import AgentTable
from chalicelib.adapters.dynamodb.client import connect
from chalicelib.adapters.dynamodb.conversations import ConversationTable
from chalicelib.adapters.dynamodb.queues import QueueTable
from chalicelib.adapters.dynamodb.staffing import StaffingTable
from chalicelib.adapters.pacing import WorkersPacing
from chalicelib.adapters.push import SideBySide, SocketPush
from chalicelib.adapters.queues import SqsOutbox, SqsTimers
from chalicelib.adapters.system import SystemClock, SystemIds
from chalicelib.config import Settings, read_settings
from chalicelib.domain.agent import MOST_WINDOWS
from chalicelib.domain.conversation import MOST_SOCKETS
from chalicelib.ports import Clock, Ids, Ports, Text, Texting

_QUICK = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)

PUSHED_AT_ONCE = MOST_WINDOWS + MOST_SOCKETS
"""Sockets to which frames leave side by side: all windows of an agent and of a customer."""

_PUSHING = _QUICK.merge(Config(max_pool_connections=PUSHED_AT_ONCE))


@cache
def settings() -> Settings:
    """The settings of this worker."""
    return read_settings()


@cache
def ports() -> Ports:
    """The ports of this worker."""
    return make_ports(settings(), SystemClock(), SystemIds())


def make_ports(settings: Settings, clock: Clock, ids: Ids) -> Ports:
    """Ports on the AWS services that these settings name."""
    session = botocore.session.get_session()

    def make_sqs() -> Any:
        return session.create_client("sqs", config=_QUICK)

    def make_ssm() -> Any:
        return session.create_client("ssm", config=_QUICK)

    def make_push(endpoint: str) -> Any:
        return session.create_client(
            "apigatewaymanagementapi", endpoint_url=endpoint, config=_PUSHING
        )

    database = connect(session, settings.conversations_table, settings.agents_table)
    queues = QueueTable(clock)
    return Ports(
        conversations=ConversationTable(database, clock),
        addresses=AddressTable(clock, queues),
        agents=AgentTable(database),
        queues=queues,
        staffing=StaffingTable(clock),
        access=AccessTable(clock),
        push=SocketPush(make_push, SideBySide(PUSHED_AT_ONCE)),
        pacing=WorkersPacing(clock),
        timers=SqsTimers(make_sqs, settings.timer_queue_url),
        outbox=SqsOutbox(make_sqs, settings.outbound_queue_url),
        texting=_TextingOnDemand(settings),
        captchas=CaptchaProviders(make_ssm, settings.captcha_url),
        clock=clock,
        ids=ids,
    )


class _TextingOnDemand:
    """The port ``Texting``, made for the first text: Twilio's SDK is slow to import."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, text: Text) -> None:
        self._texting.send(text)

    @cached_property
    def _texting(self) -> Texting:
        from chalicelib.adapters.twilio import TwilioTexting

        return TwilioTexting(
            self._settings.twilio_account_sid,
            self._settings.twilio_auth_token,
            self._settings.twilio_api_url,
            self._settings.public_base_url,
        )
