"""Invented loan books in a folder: the columns of the real ones, 120 rows each, one column that tells."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from scoring.evaluation import loan_books

ROWS = 120
DICE = np.random.default_rng(0)
HINT = DICE.normal(size=ROWS)
BAD = (HINT + DICE.normal(size=ROWS) > 0.3).astype(int)


def _of(*values: Any) -> Any:
    return DICE.choice(np.array(values, dtype=object), ROWS).tolist()


def _agency(names: list[str]) -> dict[str, Any]:
    """The twelve columns that both books of the agency have, in their order of names."""
    approved = np.round(np.exp(11 + HINT))
    values = [
        *(
            _of("CA", "NV"),
            _of("CA", "NV", None),
            _of(1, 2, 9),
            _of(1, 2),
            _of(0, 3),
            _of(0, 1),
            _of(0, 1, 2),
        ),
        *(_of(0, 1, 500), _of("Y", "N", "T"), _of("Y", "N"), approved, np.round(approved * 0.5)),
    ]
    return dict(zip(names, values, strict=True))


def write(credit: Path) -> Path:
    """All four books, in a folder that is made for them."""
    credit.mkdir()
    case = {
        **_agency(list(loan_books._CASE)),
        "ApprovalFY": _of(2001, 2007),
        "Selected": _of(0, 1),
        "RealEstate": _of(0, 1),
        "Portion": HINT,
        "Recession": _of(0, 1),
        "Default": BAD,
    }
    agency = {
        **_agency(list(loan_books._SBA)),
        "naics": _of(722511, 441110, 0),
        "approval_fy": _of(1999, 2004, 2006, 2007),
        "mis_status": np.where(BAD, "CHGOFF", "PIF"),
    }
    pa.csv.write_csv(pa.table(case), credit / "SBAcase.csv")
    pq.write_table(pa.table(agency), credit / "sba_30k.parquet")
    write_german(credit)
    firms = {"id": [f"E{n}" for n in range(ROWS)], "grade": _of("A", "D"), "bad": BAD, "margin": HINT}
    pa.csv.write_csv(pa.table(firms), credit / "cumcm2020c_features.csv")
    return credit


def write_german(credit: Path) -> None:
    """The smallest of them alone."""
    personal = {name: _of("a", "b") for name in loan_books._PERSONAL}
    german = {"credit_amount": HINT, "purpose": _of("car", "tv"), **personal}
    german["creditability"] = np.where(BAD, "bad", "good")
    pa.csv.write_csv(pa.table(german), credit / "germancredit.csv")
