"""How fast clients ask, as far as one worker sees."""

from collections import OrderedDict

from chalicelib.domain.errors import TooMany
from chalicelib.domain.pace import Bucket, Pace
from chalicelib.ports import Clock

MOST_CLIENTS = 1000
"""Of whom a worker remembers how fast they ask; who was silent longest is forgotten."""


class WorkersPacing:
    """The port ``Pacing``, in this worker's memory: it costs no call, and others do not know."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, client: str, pace: Pace) -> bool:
        """Whether the client heeds what it is told. Raises TooMany when it has to wait."""
        now = self._clock.now()
        bucket = self._buckets.pop(client, None) or Bucket(pace.burst, now)
        bucket = self._buckets[client] = bucket.after_request(pace, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        if bucket.keeps_exceeding(pace):
            return False
        if bucket.is_overdrawn:
            raise TooMany("Too much at once. Wait a moment.", bucket.wait(pace))
        return True
