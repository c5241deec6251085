"""An agenda: what happens when, done in the order of time."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import count

from qa_app.core.clock import LONDON


class Agenda:
    """Things to do, each at an instant; doing one may add later ones."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._order = count()

    def add(self, when: datetime, act: Callable[[datetime], object]) -> None:
        """Do something at an instant."""
        heapq.heappush(self._heap, (when, next(self._order), act))

    def run(self, until: datetime) -> None:
        """Do everything that comes before an instant, in order; what is left never happens."""
        while self._heap and self._heap[0][0] < until:
            when, _, act = heapq.heappop(self._heap)
            act(when)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day in London."""
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)
