"""Which code decides: the release's version and a fingerprint of the modules a decision passes through."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

APART = frozenset({"training", "evaluation", "simulation", "sources", "__pycache__"})  #: decide nothing


@cache
def version() -> str:
    """Version and fingerprint, as "0.1.0@4f0c2a91b7de"."""
    digest = hashlib.sha256()
    for name, file in sorted(_modules(resources.files("scoring"), "")):
        digest.update(f"{name}\n".encode() + file.read_bytes())
    return f"{_release()}@{digest.hexdigest()[:12]}"


def _modules(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name not in APART:
            yield from _modules(each, f"{path}{each.name}/")
        elif each.name.endswith(".py"):
            yield f"{path}{each.name}", each


def _release() -> str:
    try:
        return metadata.version("bangbang")
    except metadata.PackageNotFoundError:  # run from a folder of sources
        return "unreleased"
