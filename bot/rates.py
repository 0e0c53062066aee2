"""How often somebody may do something: a sliding window per key, in memory and bounded in size."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]


class Rate:
    """At most `limit` times in `window` for each key.

    A key that was idle for a window is forgotten; of more than `keys`, the one idle for longest goes first.
    """

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
        self._forget(now)
        if len(times) == self._limit and now - times[0] < self._window:
            return False
        times.append(now)
        return True

    def __len__(self) -> int:
        return len(self._seen)

    def _forget(self, now: datetime) -> None:
        """Let go of the keys in front, which were asked about the longest ago; never of the newest."""
        while len(self._seen) > 1:
            key, times = next(iter(self._seen.items()))
            if len(self._seen) <= self._keys and now - times[-1] < self._window:
                break
            del self._seen[key]
