"""How the shop's account stands: six sub-scores, and how many followers count. As text and as data."""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from conversations.phrases import phrase


def standing_data(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What is shown of the shop's account: `scores` with their names, and `followers`, a sentence or None."""
    brand = facts.get("social", {}).get("brand") or {}
    scores = [
        {"group": group, "name": phrase(f"subscore.{group}", language), "score": score}
        for group, score in brand.get("scores", {}).items()
        if score is not None
    ]
    return {"scores": scores, "followers": _followers(brand.get("effective_followers"), language)}


def standing_lines(facts: Mapping[str, Any], language: str) -> Iterator[str]:
    """The same as lines of text; none where nothing is known."""
    shown = standing_data(facts, language)
    if shown["scores"]:
        each = (
            phrase("subscores.one", language, name=one["name"], score=one["score"]) for one in shown["scores"]
        )
        separator = phrase("list.separator", language)
        yield phrase("subscores", language, scores=separator.join(each))
    if shown["followers"]:
        yield shown["followers"]


def _followers(effective: Mapping[str, Any] | None, language: str) -> str | None:
    """Why not all followers count, where there is a reason."""
    if not effective or not effective["because"]:
        return None
    grounds = [
        phrase(f"because.{ground['code']}", language, **_figures(ground)) for ground in effective["because"]
    ]
    because = reduce(lambda one, other: phrase("because.and", language, one=one, other=other), grounds)
    counts = {name: effective[name] for name in ("followers", "counted")}
    return phrase("effective_followers", language, **counts, because=because)


def _figures(ground: Mapping[str, Any]) -> dict[str, int]:
    return {name: figure for name, figure in ground.items() if name != "code"}
