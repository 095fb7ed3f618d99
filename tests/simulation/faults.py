"""What may go wrong between a client and the server, drawn from a seeded source of chance."""

from dataclasses import dataclass
from enum import Enum, auto
from random import Random


class Killed(BaseException):
    """The client's process ends here, in the middle of what it does; nothing that it would do next happens."""


class Fault(Enum):
    """What happens to one call. A lost answer and a death come before or after the server has acted."""

    LOST_BEFORE = auto()
    LOST_AFTER = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()
    LATE = auto()


LOSSES = (Fault.LOST_BEFORE, Fault.LOST_AFTER)
DEATHS = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)


@dataclass(eq=False)
class Faults:
    """How likely each is; `most_stale` is by how many writes a read may lag behind."""

    chance: Random
    loss: float = 0.0
    death_at_write: float = 0.0
    late: float = 0.0
    most_stale: int = 0

    def strike(self, is_write: bool) -> Fault | None:
        """What happens to the next call."""
        drawn = self.chance.random()
        if is_write and drawn < self.death_at_write:
            return self.chance.choice(DEATHS)
        if drawn < self.death_at_write + self.loss:
            return self.chance.choice(LOSSES)
        return Fault.LATE if drawn < self.death_at_write + self.loss + self.late else None

    def horizon(self, newest: int) -> int | None:
        """The number of the state that a read shows; None for the newest."""
        return newest - self.chance.randint(0, self.most_stale) if self.most_stale else None


NO_FAULTS = Faults(Random(0))
