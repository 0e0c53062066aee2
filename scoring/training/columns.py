"""Named columns of any kind as the numbers that an estimator takes. Pure; a wrong column is named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.declared import FORBIDDEN
from scoring.training.grids import LEAST_ROWS, Floats

Array = npt.NDArray[Any]
MOST = 1e15  #: either way; no quantity of a loan is larger, and squares of it stay numbers
MISTYPED, CATEGORIES = 0.1, 20  #: share of words up to which, among more different numbers, they are typos
UNBOUNDED = "should be finite and at most 1e15, either way"


class BookError(ValueError):
    """A loan book, or a column of it, that nothing can be fitted on; said in one line."""


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers; where `levels` are given they count categories, 0 the first."""

    name: str
    numbers: Floats
    levels: tuple[str, ...] | None = None


def column(name: str, values: Array, *, category: bool = False) -> Column:
    """Numbers of a column; texts become categories, None and NaN are missing.

    Raises:
        BookError: an infinity or nearly so, one value only, hardly two rows alike, or a name that may not be
            scored by.
    """
    refuse_forbidden([name])
    if values.dtype.kind in "biuf" and not category:
        return Column(name, _quantities(name, values.astype(np.float64)))
    texts = [None if _absent(value) else as_text(value) for value in values.tolist()]
    if not category:
        _refuse_stray(name, texts)
    levels = tuple(sorted({text for text in texts if text is not None}))
    _check_levels(name, texts, levels)
    places = {level: float(place) for place, level in enumerate(levels)}
    return Column(name, np.array([np.nan if text is None else places[text] for text in texts]), levels)


def _quantities(name: str, numbers: Floats) -> Floats:
    large = np.abs(numbers) > MOST
    if large.any():
        raise BookError(f"column {name}, row {int(np.argmax(large)) + 1}: {UNBOUNDED}")
    known = numbers[~np.isnan(numbers)]
    if not len(known) or (known.min() == known.max() and len(known) == len(numbers)):
        raise BookError(f"column {name}: holds one value only, so nothing can be learnt from it; drop it")
    return numbers


def _refuse_stray(name: str, texts: Sequence[str | None]) -> None:
    """A few words among very many numbers are mistyped numbers and no categories."""
    known = [(row, text) for row, text in enumerate(texts, 1) if text is not None]
    stray = [(row, text) for row, text in known if not _is_number(text)]
    numbers = {text for _, text in known} - {text for _, text in stray}
    if stray and len(stray) <= MISTYPED * len(known) and len(numbers) > CATEGORIES:
        row, text = stray[0]
        raise BookError(
            f"column {name}, row {row}: {text[:40]!r} should be a number as the others; "
            "a column of categories is named with --categories"
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _check_levels(name: str, texts: Sequence[str | None], levels: Sequence[str]) -> None:
    if not levels or (len(levels) == 1 and None not in texts):
        raise BookError(f"column {name}: holds one value only, so nothing can be learnt from it; drop it")
    shared = max(Counter(text for text in texts if text is not None).values())
    if len(levels) > LEAST_ROWS and (len(levels) > 0.9 * len(texts) or shared < LEAST_ROWS):
        raise BookError(f"column {name}: hardly two rows are alike, as in a key or free text; drop it")


def _absent(value: object) -> bool:
    return value is None or value != value or value == ""  # noqa: PLR0124 -- so is NaN


def as_text(value: object) -> str:
    """A category as a points table names it: 1.0 is "1"."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def refuse_forbidden(names: Sequence[str]) -> None:
    """Raise `BookError` for a column named after an attribute that nobody may be scored by."""
    for name in names:
        if found := FORBIDDEN & set(name.lower().replace("-", "_").replace(" ", "_").split("_")):
            raise BookError(f"column {name}: nobody is scored by {', '.join(sorted(found))}; drop it")


def matrix(columns: Sequence[Column]) -> Floats:
    return np.column_stack([one.numbers for one in columns])


def outcome(y: Array) -> npt.NDArray[np.int64]:
    """Outcomes checked: 1 bad, 0 good, at least two of each."""
    values = np.asarray(y)
    if not np.isin(values, (0, 1)).all():
        raise BookError(f"target, row {int(np.argmax(~np.isin(values, (0, 1)))) + 1}: should be 0 or 1")
    bad = int(values.sum())
    if min(bad, len(values) - bad) < 2:
        raise BookError(f"target: {bad} of {len(values)} rows are bad; at least two of each kind are needed")
    return values.astype(np.int64)


def same_length(columns: Mapping[str, Array], y: Array) -> None:
    for name, values in columns.items():
        if len(values) != len(y):
            raise BookError(f"column {name}: should have {len(y)} rows as the target, has {len(values)}")
