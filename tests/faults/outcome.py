"""What a trial found."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Figures to report, and the facts that were broken: none in a product that holds its promises."""

    name: str
    figures: Mapping[str, float]
    broken: list[str]
