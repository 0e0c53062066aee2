"""How much more there is of a bad sign than usual, so that nothing bought today can make it look less.

A share of bad ones falls when good ones are bought beside them. Here each author who came in the last season
counts by what is bad about them, and never by what is good: only those who were there before can make up for
others. So whatever joins today leaves the figure as it is, or raises it.
"""

import math
from collections.abc import Sequence

STRAYS = 5.0  #: beyond what is usual, for whom nobody is suspected


def excess(signs: Sequence[float], settled: Sequence[bool], usual: float) -> float:
    """ln(1 + signs beyond the usual share of them, less `STRAYS`); 0 where there are no more than usual.

    >>> new, old = [False] * 40, [True] * 40
    >>> excess([1.0] * 40, new, 0.1) == excess([1.0] * 40 + [0.0] * 400, new + [False] * 400, 0.1)
    True
    >>> excess([0.1] * 40, new, 0.1), excess([1.0] * 9 + [0.0] * 31, old, 0.1)
    (0.0, 0.0)
    """
    beyond = [sign - usual for sign in signs]
    counted = (each if old else max(0.0, each) for each, old in zip(beyond, settled, strict=True))
    return math.log1p(max(0.0, math.fsum(counted) - STRAYS))
