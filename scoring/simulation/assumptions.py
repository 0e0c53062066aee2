"""What the invented merchants rest on: every figure with its unit and its source, read from one file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from scoring.forms import Form, packaged


class Assumption(Form):
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Assumptions:
    """The file by section and name; `values` leaves the sources away."""

    as_of: date
    declared: Mapping[str, Mapping[str, Assumption]]

    def values(self, section: str) -> Mapping[str, float]:
        """The figures of one section by name."""
        return {name: one.value for name, one in self.declared[section].items()}

    def with_values(self, section: str, **values: float) -> "Assumptions":
        """The same with some figures of a section changed, to see what they do."""
        changed = {
            name: Assumption(value=values.get(name, one.value), unit=one.unit, source=one.source)
            for name, one in self.declared[section].items()
        }
        return Assumptions(self.as_of, {**self.declared, section: changed})


def read(raw: bytes) -> Assumptions:
    """Check TOML bytes: each figure needs a value, a unit and a source."""
    sections = tomllib.loads(raw.decode())
    as_of = date.fromisoformat(sections.pop("as_of"))
    return Assumptions(
        as_of,
        {
            section: {name: Assumption.model_validate(entry) for name, entry in entries.items()}
            for section, entries in sections.items()
        },
    )


@cache
def declared() -> Assumptions:
    """The packaged assumptions."""
    return read(packaged("simulation.toml"))
