"""What an account is taken for while little is known of it: shares drawn towards the usual one.

A share of three posts says less than one of three hundred. Drawn towards the usual share, the more so the
fewer it is taken of, it moves by little for a few.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Usual:
    """A usual share, and of how many pieces it counts for evidence (beta-binomial)."""

    share: float
    weight: float  #: pieces

    def drawn(self, part: float, whole: float) -> float:
        """`part` of `whole` as if `weight` more pieces had been seen, the usual share of them among it.

        >>> Usual(0.6, 20).drawn(0, 0), Usual(0.6, 20).drawn(20, 20), round(Usual(0.6, 20).drawn(200, 200), 2)
        (0.6, 0.8, 0.96)
        """
        return (part + self.share * self.weight) / (whole + self.weight)

    def seen(self, part: float, whole: float) -> float | None:
        """The same, None where nothing was seen: silence is no evidence, not even of the usual."""
        return self.drawn(part, whole) if whole else None
