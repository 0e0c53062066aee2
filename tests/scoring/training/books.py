"""Small loan books made up from a truth that is known."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from scoring.training.columns import Array


def made(rows: int = 800, seed: int = 0, crossing: float = 0) -> tuple[dict[str, Array], Array]:
    """Columns and outcomes (1 bad): sales speak for the shop in steps, rent against it, the trade counts.

    Noise says nothing, unless it is crossed with the rent.
    """
    dice = np.random.default_rng(seed)
    sales, rent, noise = (dice.normal(size=rows) for _ in range(3))
    trade = np.array(["food", "hair", "gym", "rare"], dtype=object)[
        dice.choice(4, rows, p=[0.5, 0.3, 0.195, 0.005])
    ]
    log_odds = -0.5 - 1.5 * np.sign(sales) + 0.8 * rent + np.where(trade == "gym", 1.5, 0.0)
    log_odds += crossing * np.sign(rent * noise)
    y = (dice.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(int)
    rent[dice.random(rows) < 0.1] = np.nan
    return {"sales": sales, "rent": rent, "trade": trade, "noise": noise}, y


def crossed(rows: int = 1500, seed: int = 0) -> tuple[dict[str, Array], Array]:
    """Two columns that say nothing alone and everything together."""
    dice = np.random.default_rng(seed)
    one, two, three = (dice.normal(size=rows) for _ in range(3))
    y = (dice.random(rows) < 1 / (1 + np.exp(-2 * np.sign(one * two)))).astype(int)
    return {"one": one, "two": two, "three": three}, y


def written(file: Path, rows: list[list[Any]], names: list[str]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([names, *rows])
    return file
