"""The desk that is simulated: its queues and their patience."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.queue import Queue
from tests.desk import DEMO_QUEUE

_DEMO = replace(DEMO_QUEUE, wrap_up_lasts=timedelta(seconds=40))

QUEUES: dict[str, Queue] = {
    queue.id: queue for queue in (_DEMO, replace(_DEMO, id="sales", name="Sales"))
}
"""Both ask the same form; the phone number leads to the first."""
