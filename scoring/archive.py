"""A folder of models and policies that were used before, found by the fingerprints that decisions carry."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scoring import policy, registry
from scoring.forms import PolicyError, fingerprint
from scoring.policy import Policy
from scoring.scorecard import Scorecard

#: a name that only a file of this kind has at its top
_KINDS = {"features": "model", "grades": "policy", "products": "products", "trades": "trades"}


@dataclass(frozen=True)
class Archive:
    """Files by kind and the fingerprint of their content."""

    files: Mapping[tuple[str, str], Path]

    def find(
        self, wanted: Mapping[str, str], loaded: tuple[Scorecard, Policy]
    ) -> tuple[Scorecard, Policy] | str:
        """The model and policy of these parts, taking what is loaded already; or the part that is missing."""
        model, rules = loaded
        own = {**rules.made_with, "model": model.name}
        paths: dict[str, Path] = {}
        for part, version in wanted.items():
            if own.get(part) == version:
                continue
            path = self.files.get((part, version.rpartition("@")[2]))
            if path is None:
                return f"{part} {version}"
            paths[part] = path
        if "model" in paths:
            model = _model(paths.pop("model"))
        if paths:
            rules = _policy(tuple(sorted(paths.items())))
        return model, rules


@cache
def _model(path: Path) -> Scorecard:
    return registry.model(path)


@cache
def _policy(paths: tuple[tuple[str, Path], ...]) -> Policy:
    return policy.load(**dict(paths))


EMPTY = Archive({})


def read(folder: Path) -> Archive:
    """Every usable file in a folder.

    Raises `PolicyError` where the folder cannot be read or a file in it is no JSON.
    """
    found: dict[tuple[str, str], Path] = {}
    try:
        paths = sorted(folder.rglob("*.json"))
        if not folder.is_dir():
            raise PolicyError(f"{folder}: should be a folder of archived JSON files")
        for path in paths:
            raw = path.read_bytes()
            kind = _kind(path, raw)
            if kind:
                found[kind, fingerprint(raw)] = path
    except OSError as wrong:
        raise PolicyError(f"{wrong.filename or folder}: cannot be read ({wrong.strerror})") from None
    return Archive(found)


def _kind(path: Path, raw: bytes) -> str | None:
    try:
        content = json.loads(raw)
    except ValueError as wrong:
        raise PolicyError(f"{path}: should hold JSON ({wrong})") from None
    names = content if isinstance(content, dict) else {}
    return next((kind for name, kind in _KINDS.items() if name in names), None)
