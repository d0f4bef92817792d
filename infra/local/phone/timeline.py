"""Things that happen a little later, on a few background threads."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

Job = Callable[[], None]

_log = logging.getLogger(__name__)


class Timeline:
    """Runs jobs when they are due. Its threads never keep the process alive."""

    def __init__(self, workers: int = 8) -> None:
        self._jobs: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        for _ in range(workers):
            threading.Thread(target=self._work, daemon=True).start()

    def after(self, delay: float, job: Job) -> None:
        """Run the job on another thread, `delay` seconds from now."""
        with self._changed:
            heapq.heappush(self._jobs, (time.monotonic() + delay, next(self._order), job))
            self._changed.notify()

    def stop(self) -> None:
        """Start no more jobs."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                _log.exception("a scheduled job failed")

    def _next(self) -> Job | None:
        with self._changed:
            while not self._stopped:
                wait = self._jobs[0][0] - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)[2]
                self._changed.wait(wait)
            return None
