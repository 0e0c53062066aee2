"""Reading a lender's JSON files: every figure is checked before use, and a wrong one is named."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scoring.money import FEN_PER_YUAN


class PolicyError(ValueError):
    """A file that cannot be used: a line per fault with the file, the path in it and what it should hold."""


class Form(BaseModel):
    """A part of a file; nothing may be missing, misspelt or changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _fen(yuan: Any) -> Any:
    if isinstance(yuan, int | Decimal) and not isinstance(yuan, bool):
        fen = Decimal(yuan) * FEN_PER_YUAN
        return int(fen) if fen == int(fen) else yuan
    raise ValueError("an amount of money in yuan")


Fen = Annotated[int, BeforeValidator(_fen), Field(ge=0)]  #: written in yuan in the file
Share = Annotated[Decimal, Field(ge=0, le=1)]
Rate = Annotated[Decimal, Field(ge=0, lt=10)]  #: a fraction a year

_AnyForm = TypeVar("_AnyForm", bound=Form)


def packaged(name: str) -> bytes:
    """The bytes of a file that ships with this package."""
    return resources.files("scoring").joinpath("data", name).read_bytes()


def contents(path: Path | None, name: str) -> tuple[str, bytes]:
    """The label and the bytes of the lender's own file at `path`, else of the packaged one."""
    if path is None:
        return name, packaged(name)
    try:
        return str(path), path.read_bytes()
    except OSError as wrong:
        raise PolicyError(f"{path}: cannot be read ({wrong.strerror})") from None


def fill(form: type[_AnyForm], label: str, raw: bytes) -> _AnyForm:
    """Check JSON bytes against a form; raises `PolicyError` with every fault."""
    try:
        return form.model_validate(parse(label, raw))
    except ValidationError as wrong:
        lines = (
            f"{label}: {'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in wrong.errors(include_url=False, include_input=False)
        )
        raise PolicyError("\n".join(lines)) from None


def parse(label: str, raw: bytes) -> Any:
    """JSON with exact decimals; a NaN or a name given twice in one object is refused."""
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError) as wrong:
        raise PolicyError(f"{label}: should hold JSON ({wrong})") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _no_doubles(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        raise ValueError("the same name twice: " + ", ".join(name for name, _ in pairs))
    return seen


def canonical_toml(raw: bytes) -> bytes:
    """A TOML file as JSON bytes, for fingerprints that do not depend on comments or layout."""
    return json.dumps(tomllib.loads(raw.decode()), sort_keys=True).encode()


def fingerprint(*files: bytes) -> str:
    """Twelve hex digits over the canonical content of JSON files, blind to layout and order of names."""
    digest = hashlib.sha256()
    for raw in files:
        canonical = json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest.update(canonical.encode() + b"\n")
    return digest.hexdigest()[:12]
