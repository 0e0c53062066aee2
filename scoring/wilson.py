"""Wilson's score interval of a share (Wilson 1927): what few tries can tell of it."""

import math


def bounds(successes: int, tries: int, z: float) -> tuple[float, float]:
    """The lower and the upper end at a normal deviate, 1.96 for 95 %; needs at least one try.

    >>> [round(end, 4) for end in bounds(8, 10, 1.96)]
    [0.4902, 0.9433]
    """
    share, spread = successes / tries, z * z / tries
    root = z * math.sqrt(share * (1 - share) / tries + spread / (4 * tries))
    middle = share + spread / 2
    return max(0.0, (middle - root) / (1 + spread)), min(1.0, (middle + root) / (1 + spread))
