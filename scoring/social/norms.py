"""Fits the norms on merchants: `python -m scoring.social.norms "who they are" < lines > norms.json`.

Lines are those of `bangbang score`. A line that holds no application is an error, with its number.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date

from scoring import policy, snapshot
from scoring.reading.tone import Reader
from scoring.social.accounts import measure
from scoring.social.standing import Merchant, Norms, fit


def merchants(lines: Iterable[str], reader: Reader) -> Iterator[Merchant]:
    """Every merchant with a shop's account, measured.

    Raises:
        ValueError: what is wrong with which line.
    """
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            trade, day = row["application"].get("trade"), date.fromisoformat(row["as_of"])
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            raise ValueError(f"line {number}: should hold an application, and a date in as_of") from None
        brand, personal = snapshot.read(row.get("brand")), snapshot.read(row.get("personal"))
        if isinstance(brand, snapshot.Account):
            measured = measure(brand, personal, day, reader)
            yield Merchant(trade if isinstance(trade, str) else None, measured)


def written(norms: Norms) -> str:
    """The file's text: short lists on one line."""
    groups = {
        name: f'{{"merchants": {group.merchants}, "quantiles": {{\n'
        + ",\n".join(
            f"      {json.dumps(figure)}: {json.dumps(spread)}" for figure, spread in group.quantiles.items()
        )
        + "\n    }}"
        for name, group in norms.groups.items()
    }
    body = ",\n".join(f"    {json.dumps(name)}: {group}" for name, group in groups.items())
    head = f'{{\n  "about": {json.dumps(norms.about)},\n  "fitted_on": {json.dumps(norms.fitted_on)},\n'
    return f'{head}  "groups": {{\n{body}\n  }}\n}}\n'


def main(arguments: list[str]) -> int:
    """0 done; 2 for a wrong call or a line that cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("say in one argument what the merchants are\n")
        return 2
    try:
        found = fit(merchants(sys.stdin, policy.load().reader), fitted_on=arguments[0])
    except ValueError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    sys.stdout.write(written(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
