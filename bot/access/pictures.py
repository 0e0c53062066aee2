"""A QR code as the path of an SVG, so that a template can draw it and nothing has to be trusted as markup."""

from dataclasses import dataclass
from itertools import groupby

QUIET = 4  #: modules left white around it


@dataclass(frozen=True)
class Picture:
    """`path` fills the black modules of a square of `size` modules."""

    size: int
    path: str


def qr(text: str) -> Picture:
    """
    >>> qr("otpauth://totp/x").size
    33
    """
    import segno  # nobody is shown one while the product starts

    rows = segno.make(text, error="m", micro=False).matrix
    runs = [f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _black(row)]
    shifted = "".join(runs)
    return Picture(len(rows) + 2 * QUIET, shifted)


def _black(row: bytearray | tuple[int, ...]) -> list[tuple[int, int]]:
    """Where black begins in a row and how long it goes on."""
    found, x = [], 0
    for value, run in groupby(row):
        length = len(list(run))
        if value:
            found.append((x, length))
        x += length
    return found
