"""How bad the world is: each seed has its own weather, and draws each call's fate from it.

Every kind of fault is absent in some seeds and frequent in others, so that they meet in all
combinations; in some seeds there are few kinds, so that none hides another and much gets done.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Literal

from proof.simulation.cloud.scheduler import Scheduler

Fate = Literal[
    "ok",
    "lost before",
    "lost after",
    "failed before",
    "failed after",
    "throttled",
    "conflict",
    "crash before",
    "crash after",
]


@dataclass(frozen=True, slots=True)
class Weather:
    """Probabilities: of a call, of a message, or of a minute of a socket's life."""

    lost_before: float = 0
    lost_after: float = 0
    failed_before: float = 0
    failed_after: float = 0
    throttled: float = 0
    conflict: float = 0
    crash_before: float = 0
    crash_after: float = 0
    slow: float = 0
    gap: float = 0
    unqueued: float = 0
    cut_off: float = 0
    abandoned: float = 0
    farewell_dies: float = 0
    stale: float = 0
    post_fails: float = 0
    post_late: float = 0
    request_lost: float = 0
    reply_lost: float = 0
    queue_repeats: float = 0
    queue_late: float = 0
    webhook_repeats: float = 0
    webhook_late: float = 0
    text_refused: float = 0
    text_breaks: float = 0
    provider_away: float = 0
    gives_up: float = 0
    back_late: float = 0
    socket_vanishes: float = 0
    socket_closes: float = 0
    outage: float = 0
    unannounced: float = 0


CALM = Weather()

_WORST = Weather(
    lost_before=0.03,
    lost_after=0.04,
    failed_before=0.02,
    failed_after=0.02,
    throttled=0.03,
    conflict=0.06,
    crash_before=0.012,
    crash_after=0.02,
    slow=0.2,
    gap=0.5,
    unqueued=0.9,
    cut_off=0.3,
    abandoned=0.3,
    farewell_dies=0.8,
    stale=0.6,
    post_fails=0.15,
    post_late=0.2,
    request_lost=0.06,
    reply_lost=0.12,
    queue_repeats=0.25,
    queue_late=0.2,
    webhook_repeats=0.3,
    webhook_late=0.7,
    text_refused=0.1,
    text_breaks=0.15,
    provider_away=0.15,
    gives_up=0.8,
    back_late=0.6,
    socket_vanishes=1.2,
    socket_closes=0.8,
    outage=0.3,
    unannounced=0.5,
)


def draw(scheduler: Scheduler) -> Weather:
    """The weather of a seed."""
    share = scheduler.choice_of(0.15, 0.4, 0.8)
    weather = CALM
    for field in fields(Weather):
        if scheduler.chance(share):
            worst: float = getattr(_WORST, field.name)
            level = worst * scheduler.choice_of(0.1, 0.4, 1)
            weather = replace(weather, **{field.name: level})
    return weather


class Sky:
    """The weather now: drawn from the seed, until it becomes calm."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.weather = CALM
        self.season = CALM
        """As the weather was before it became calm: what was lost then stays lost."""
        self.struck: Callable[[], None] = lambda: None
        self.is_doomed: Callable[[], bool] = lambda: False

    def fate_of_call(self, *, may_conflict: bool = False) -> Fate:
        """What happens to a call to AWS."""
        weather = self.weather
        if weather is CALM:
            return "ok"
        if self.is_doomed():
            self.struck()
            return "crash before"
        fates: tuple[tuple[Fate, float], ...] = (
            ("lost before", weather.lost_before),
            ("lost after", weather.lost_after),
            ("failed before", weather.failed_before),
            ("failed after", weather.failed_after),
            ("throttled", weather.throttled),
            ("crash before", weather.crash_before),
            ("crash after", weather.crash_after),
            ("conflict", weather.conflict if may_conflict else 0),
        )
        left = self._scheduler.random.random()
        for fate, probability in fates:
            left -= probability
            if left < 0:
                self.struck()
                return fate
        return "ok"

    def latency(self) -> float:
        """How long a message between two machines is under way."""
        scheduler = self._scheduler
        if scheduler.chance(self.weather.slow):
            return scheduler.between(0.1, 2.5)
        return scheduler.between(0.001, 0.012)

    def happens(self, fault: str) -> bool:
        """Whether a fault of this name happens now."""
        probability: float = getattr(self.weather, fault)
        return self._scheduler.chance(probability)
