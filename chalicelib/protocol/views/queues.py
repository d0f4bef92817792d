"""What clients are shown of queues."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from chalicelib.domain import queue as queues
from chalicelib.domain.queue import CaptchaProvider, FieldType
from chalicelib.domain.staff import MOST_COUNTED, Waiting
from chalicelib.protocol.views.people import Timestamp


class FormField(Struct, frozen=True):
    """A question of a queue's pre-chat form.

    ``variable`` names the answer; the variables ``name``, ``email``, ``phone`` and ``account_id``
    identify the customer, and ``message`` is the first message of the conversation.
    """

    variable: str
    label: str
    type: FieldType
    required: bool
    options: list[str] = []

    @classmethod
    def of(cls, field: queues.FormField) -> FormField:
        """A question, for customers."""
        return cls(field.variable, field.label, field.type, field.required, list(field.options))


class Captcha(Struct, frozen=True):
    """A check that a person writes: run the provider's script with this key and send its token."""

    provider: CaptchaProvider
    site_key: str

    @classmethod
    def of(cls, captcha: queues.Captcha) -> Captcha:
        """What a customer's browser needs of a captcha."""
        return cls(captcha.provider, captcha.site_key)


class QueueForm(Struct, frozen=True):
    """What a customer must know of a queue before writing to it."""

    queue_id: str
    name: str
    form: list[FormField]
    captcha: Captcha | None = None

    @classmethod
    def of(cls, queue: queues.Queue) -> QueueForm:
        """What a queue asks."""
        fields = [FormField.of(field) for field in queue.form]
        captcha = Captcha.of(queue.captcha) if queue.captcha else None
        return cls(queue.id, queue.name, fields, captcha)


class AgentQueue(Struct, frozen=True):
    """How a queue of the agent stands.

    ``waiting`` counts the customers who wait in it, at most 100, the first of them since
    ``waiting_since``. ``ready`` counts the agent's colleagues who can be offered a conversation, at
    most 100. All may be some seconds old.
    """

    queue_id: str
    queue_name: str
    waiting: int
    ready: int
    waiting_since: Timestamp | None = None

    @classmethod
    def of(cls, queue: queues.Queue, waiting: Waiting, ready: Collection[str]) -> AgentQueue:
        """A queue, for an agent of it whose ``ready`` colleagues these are."""
        return cls(
            queue.id, queue.name, waiting.count, min(len(ready), MOST_COUNTED), waiting.since
        )
