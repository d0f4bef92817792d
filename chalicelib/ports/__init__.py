"""What the use cases need of the world outside, a module a port."""

from dataclasses import dataclass

from chalicelib.ports.access import Access
from chalicelib.ports.addresses import Addresses
from chalicelib.ports.agents import Agents
from chalicelib.ports.captchas import Captchas
from chalicelib.ports.conversations import Conversations, Due, DueKind, Numbered
from chalicelib.ports.outbox import OutboundText, Outbox
from chalicelib.ports.pacing import Pacing
from chalicelib.ports.push import Push
from chalicelib.ports.queues import Queues
from chalicelib.ports.staffing import Staffing
from chalicelib.ports.system import Clock, Ids
from chalicelib.ports.texting import Text, TextDelayed, Texting, TextRefused
from chalicelib.ports.timers import Timer, Timers

__all__ = [
    "Access",
    "Addresses",
    "Agents",
    "Captchas",
    "Clock",
    "Conversations",
    "Due",
    "DueKind",
    "Ids",
    "Numbered",
    "OutboundText",
    "Outbox",
    "Pacing",
    "Ports",
    "Push",
    "Queues",
    "Staffing",
    "Text",
    "TextDelayed",
    "TextRefused",
    "Texting",
    "Timer",
    "Timers",
]


@dataclass(frozen=True, slots=True)
class Ports:
    """All of them, as the use cases get them."""

    conversations: Conversations
    addresses: Addresses
    agents: Agents
    queues: Queues
    staffing: Staffing
    access: Access
    push: Push
    pacing: Pacing
    timers: Timers
    outbox: Outbox
    texting: Texting
    captchas: Captchas
    clock: Clock
    ids: Ids
