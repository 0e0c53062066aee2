"""How often somebody may do something: a sliding window per key, in memory and bounded in size."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]


class Rate:
    """At most `limit` times in `window` for each key; the key idle for longest is forgotten first."""

    def __init__(
        self, limit: int, clock: Clock, window: timedelta = timedelta(minutes=1), keys: int = 10_000
    ) -> None:
        self._limit, self._clock, self._window, self._keys = limit, clock, window, keys
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Whether one more is allowed now; only what is allowed is counted."""
        now = self._clock()
        times = self._seen.setdefault(key, deque(maxlen=self._limit))
        self._seen.move_to_end(key)
        if len(self._seen) > self._keys:
            self._seen.popitem(last=False)
        if len(times) == self._limit and now - times[0] < self._window:
            return False
        times.append(now)
        return True
