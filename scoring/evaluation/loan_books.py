"""The four loan books and how each is parted; columns that record what came later are never read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold

from scoring.training import columns
from scoring.training.columns import BookError, Column

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

SEED = 0  #: of every split, so that figures can be compared with published ones
FOLDS = 5


@dataclass(frozen=True, eq=False)
class Split:
    name: str
    parts: tuple[tuple[Rows, Rows], ...]  #: rows to fit on, rows to judge by
    #: columns known while fitting and missing when judged: their effect is told apart, and never scored
    controlled: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LoanBook:
    data: str
    columns: tuple[Column, ...]
    y: npt.NDArray[np.int64]  #: 1 for a default
    splits: tuple[Split, ...]

    @cached_property
    def X(self) -> Floats:
        return columns.matrix(self.columns)

    @property
    def categories(self) -> list[int]:
        return [place for place, one in enumerate(self.columns) if one.levels is not None]


def _folds(y: Array, repeats: int = 1) -> tuple[tuple[Rows, Rows], ...]:
    """The reference's splits: one round is a plain stratified one."""
    if repeats == 1:
        return tuple(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(y, y))
    rounds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    return tuple(rounds.split(y, y))


def _csv(file: Path, wanted: list[str]) -> dict[str, Array]:
    options = pa.csv.ConvertOptions(include_columns=wanted, strings_can_be_null=True, null_values=["", "NA"])
    return _arrays(pa.csv.read_csv(file, convert_options=options))


def _arrays(table: pa.Table) -> dict[str, Array]:
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}


def _numbers(values: Array) -> Floats:
    return np.array([np.nan if value is None else value for value in values.tolist()], np.float64)


def _yes_no(values: Array) -> Array:
    """Y, N, or something else that nobody explained."""
    return np.array([value if value in ("Y", "N") else "other" for value in values.tolist()], dtype=object)


def _sba(raw: Mapping[str, Array]) -> dict[str, Array]:
    """What both books of the agency have in common, known on the day of the application."""
    approved, guaranteed = _numbers(raw["gr_appv"]), _numbers(raw["sba_appv"])
    return {
        "bank_state": raw["bank_state"],
        "same_state": (raw["state"] == raw["bank_state"]).astype(float),
        "employees": _numbers(raw["no_emp"]),
        "new_business": _numbers(raw["new_exist"]),
        "jobs_created": _numbers(raw["create_job"]),
        "jobs_kept": _numbers(raw["retained_job"]),
        "urban": _numbers(raw["urban_rural"]).astype(object),
        "franchise": (_numbers(raw["franchise_code"]) > 1).astype(float),
        "credit_line": _yes_no(raw["rev_line_cr"]),
        "low_documents": _yes_no(raw["low_doc"]),
        "approved": approved,
        "guaranteed": guaranteed,
        "guaranteed_share": guaranteed / approved,
    }


_SBA = (
    *("state", "bank_state", "no_emp", "new_exist", "create_job", "retained_job", "urban_rural"),
    *("franchise_code", "rev_line_cr", "low_doc", "gr_appv", "sba_appv"),
)
_CASE = dict(
    zip(
        (
            *("State", "BankState", "NoEmp", "NewExist", "CreateJob", "RetainedJob", "UrbanRural"),
            *("FranchiseCode", "RevLineCr", "LowDoc", "GrAppv", "SBA_Appv"),
        ),
        _SBA,
        strict=True,
    )
)


def _book(data: str, given: Mapping[str, Array], y: Array, *splits: Split) -> LoanBook:
    parts = tuple(columns.column(name, values) for name, values in given.items())
    return LoanBook(data, parts, y.astype(np.int64), splits)


def sba_case(folder: Path) -> LoanBook:
    """US loans of 1988-2011, real estate and rental in California; the authors' own split, and folds."""
    raw = _csv(folder / "SBAcase.csv", [*_CASE, "ApprovalFY", "Selected", "Default"])
    given = {
        **_sba({_CASE.get(name, name): values for name, values in raw.items()}),
        "fiscal_year": _numbers(raw["ApprovalFY"]),
    }
    chosen, y = raw["Selected"] == 1, raw["Default"]
    authors = (np.flatnonzero(chosen), np.flatnonzero(~chosen))
    return _book("SBAcase", given, y, Split("the authors'", (authors,)), Split("5-fold", _folds(y)))


def sba_case_of_the_paper(folder: Path) -> LoanBook:
    """The paper's three variables, two of which record what came later: only to reproduce its figures."""
    raw = _csv(folder / "SBAcase.csv", ["RealEstate", "Portion", "Recession", "Selected", "Default"])
    chosen = raw["Selected"] == 1
    given = {name: _numbers(raw[name]) for name in ("RealEstate", "Portion", "Recession")}
    split = Split("the authors'", ((np.flatnonzero(chosen), np.flatnonzero(~chosen)),))
    return _book("SBAcase", given, raw["Default"], split)


def sba_30k(folder: Path) -> LoanBook:
    """US loans of all trades, without the year; over time the year is told apart while fitting."""
    given, y, _ = _sba_30k(folder)
    return _book("SBA 30k", given, y, Split("5-fold", _folds(y)))


def sba_30k_derived(folder: Path) -> LoanBook:
    """The same with the trade to four digits, and amounts and jobs a head: derived, nothing read beside."""
    given, y, _ = _sba_30k(folder, digits=4)
    heads = np.maximum(given["employees"], 1)
    derived = {
        "approved_a_head": given["approved"] / heads,
        "jobs_created_a_head": given["jobs_created"] / heads,
        "jobs_kept_a_head": given["jobs_kept"] / heads,
        "not_guaranteed": given["approved"] - given["guaranteed"],
    }
    return _book("SBA 30k", {**given, **derived}, y, Split("5-fold, derived columns", _folds(y)))


def sba_30k_over_time(folder: Path) -> LoanBook:
    """Fitted on fiscal years 1998-2005, judged by 2006-07; the year is controlled for, and not scored."""
    given, y, year = _sba_30k(folder)
    before, after = (
        np.flatnonzero((year >= 1998) & (year <= 2005)),
        np.flatnonzero((year >= 2006) & (year <= 2007)),
    )
    split = Split("1998-2005, then 2006-07", ((before, after),), controlled=("fiscal_year",))
    return _book("SBA 30k", {**given, "fiscal_year": year}, y, split)


def _sba_30k(folder: Path, digits: int = 2) -> tuple[dict[str, Array], Array, Floats]:
    wanted = [*_SBA, "naics", "approval_fy", "mis_status"]
    raw = _arrays(pa.parquet.read_table(folder / "sba_30k.parquet", columns=wanted))
    trade = np.array([str(int(code)).zfill(6)[:digits] for code in raw["naics"].tolist()], dtype=object)
    y = (raw["mis_status"] == "CHGOFF").astype(np.int64)
    return {"trade": trade, "state": raw["state"], **_sba(raw)}, y, _numbers(raw["approval_fy"])


#: of the German book: nobody is scored by these
_PERSONAL = ("personal_status_and_sex", "age_in_years", "foreign_worker")


def german(folder: Path) -> LoanBook:
    """Statlog German credit without sex, age and nationality."""
    table = pa.csv.read_csv(folder / "germancredit.csv")
    y = np.array([value == "bad" for value in table.column("creditability").to_pylist()])
    given = _arrays(table.drop_columns([*_PERSONAL, "creditability"]))
    return _book("German credit", given, y, Split("5-fold", _folds(y)))


def cumcm(folder: Path) -> LoanBook:
    """123 Chinese small firms by their invoices, without the bank's own grade."""
    table = pa.csv.read_csv(folder / "cumcm2020c_features.csv")
    y = table.column("bad").to_numpy()
    given = _arrays(table.drop_columns(["id", "grade", "bad"]))
    return _book("CUMCM 2020 C", given, y, Split("20 x 5-fold", _folds(y, repeats=20)))


BOOKS: Mapping[str, tuple[str, Callable[[Path], LoanBook]]] = {
    "SBAcase": ("SBAcase.csv", sba_case),
    "SBAcase, the paper's three": ("SBAcase.csv", sba_case_of_the_paper),
    "German credit": ("germancredit.csv", german),
    "CUMCM 2020 C": ("cumcm2020c_features.csv", cumcm),
    "SBA 30k": ("sba_30k.parquet", sba_30k),
    "SBA 30k, derived columns": ("sba_30k.parquet", sba_30k_derived),
    "SBA 30k over time": ("sba_30k.parquet", sba_30k_over_time),
}


def read(name: str, folder: Path) -> LoanBook:
    """A book of `BOOKS`; raises `BookError` naming the file that is not what it should be."""
    file, load = BOOKS[name]
    try:
        book = load(folder)
    except (KeyError, OSError, TypeError, ValueError) as wrong:
        said = str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__
        raise BookError(f"{folder / file}: cannot be read as {name} ({said[:200]})") from None
    for split in book.splits:
        if any(len(set(book.y[rows].tolist())) < 2 for part in split.parts for rows in part):
            raise BookError(f"{folder / file}: should hold more rows that repaid and more that did not")
    return book
