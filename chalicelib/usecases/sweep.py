"""Once a minute: mend what a crash left behind. Its cost follows what is broken."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from chalicelib.ports import Ports
from chalicelib.usecases.conversations import finish
from chalicelib.usecases.presence import presence
from chalicelib.usecases.routing import abandoning, handing_back, matching, offers

LOST_AFTER = timedelta(minutes=2)
"""A text that is pending this long has fallen out of the outbound queue."""


def sweep(ports: Ports) -> None:
    """Forget lost sockets, take back what nobody answers, send lost texts, offer what waits.

    Last of all end what was abandoned: there may be any number of that.

    What cannot be mended does not keep it from the rest. Raises ExceptionGroup of all that failed.
    """
    failures: list[Exception] = []
    for repair in _repairs(ports):
        try:
            repair()
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Not everything could be mended.", failures)


def _repairs(ports: Ports) -> Iterator[Callable[[], None]]:
    now = ports.clock.now()
    for due in ports.conversations.due("offer", now):
        yield partial(offers.expire, ports, due.id)
    for due in ports.conversations.due("stale", now):
        yield partial(presence.disconnect, ports, due.id)
    for due in ports.conversations.due("away", now):
        yield partial(handing_back.hand_back, ports, due.id)
    for due in ports.conversations.due("wrap_up", now):
        yield partial(finish.close_unfinished, ports, due.id)
    for due in ports.conversations.due("outbound", now - LOST_AFTER):
        if due.message_seq is not None:
            yield partial(ports.outbox.enqueue, due.id, due.message_seq)
    for queue_id in ports.queues.all_ids():
        yield partial(_match, ports, queue_id)
    for due in ports.conversations.due("waiting", now):
        yield partial(abandoning.look, ports, due.id)


def _match(ports: Ports, queue_id: str) -> None:
    """Give every free agent a look at what waits, as long as something does."""
    for agent in ports.agents.free(queue_id):
        if next(ports.conversations.waiting(queue_id), None) is None:
            return
        matching.find_work(ports, agent.id)
