"""The desk that is simulated: its queues and their patience."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.queue import Queue
from proof.desk import DEMO_QUEUE

MOST_STARTS = 2
"""From one network, or by one customer who came before, in the queue's time."""

NETWORKS = ("192.0.2.1", "2001:db8::1")
"""Where customers come from."""

_DEMO = replace(
    DEMO_QUEUE,
    wrap_up_lasts=timedelta(seconds=40),
    abandoned_after=timedelta(seconds=40),
    starts_per_address=MOST_STARTS,
    starts_per_customer=MOST_STARTS,
    starts_per_queue=0,
    starts_within=timedelta(seconds=20),
    begins_ready=True,
)
_SALES = replace(
    _DEMO,
    id="sales",
    name="Sales",
    offer_lasts=timedelta(seconds=8),
    abandoned_after=timedelta(seconds=25),
    missed_offers=2,
    begins_ready=False,
)

QUEUES: dict[str, Queue] = {queue.id: queue for queue in (_DEMO, _SALES)}
"""Both ask the same form; the phone number leads to the first."""
