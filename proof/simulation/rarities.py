"""What happens in few seeds: the others stay as quick, and as they were."""

import random
from dataclasses import dataclass

from chalicelib.domain.agent import MOST_WINDOWS


@dataclass(frozen=True, slots=True)
class Rarities:
    """Which rare things happen in a seed."""

    removes_agents: bool
    most_windows: int
    """Of one person. Where it is few, somebody opens more."""

    @property
    def is_crowded(self) -> bool:
        """Whether somebody opens more windows than they may have."""
        return self.most_windows < MOST_WINDOWS


def rarities_of(seed: int) -> Rarities:
    """Drawn apart from all other chance."""
    chance = random.Random(f"rarities of {seed}")  # noqa: S311 - chance that can be repeated
    removes = chance.random() < 0.15
    is_crowded = chance.random() < 0.1
    few = chance.choice((2, 3, 4))
    return Rarities(removes, few if is_crowded else MOST_WINDOWS)
