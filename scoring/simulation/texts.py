"""Composes what invented people write from the phrases of one data file, so that few texts are alike."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import opencc  # converts our own phrases once

from scoring.forms import packaged

Dice = Iterator[int]  #: large whole numbers; each choice takes one
_SLOT = re.compile(r"\{(\w+)\}")
POSITIVE, NEUTRAL, NEGATIVE, CHATTER = "positive", "neutral", "negative", "chatter"
_ENDINGS = {POSITIVE: "endings", NEGATIVE: "sad_endings", NEUTRAL: "plain_endings"}
_CODE = "0123456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Phrases:
    """The lists of the file: shared slots, and pools by section and name, ready to be filled."""

    slots: Mapping[str, Sequence[str]]
    pools: Mapping[str, Mapping[str, Sequence[Sequence[str]]]]  #: a phrase is literals and slots in turn

    def one(self, section: str, pool: str, dice: Dice, extra: Mapping[str, Sequence[str]]) -> str:
        """One phrase of a pool with its slots filled; `extra` holds a trade's own things and the like."""
        pieces = self.pools[section][pool]
        parts = pieces[next(dice) % len(pieces)]
        if len(parts) == 1:
            return parts[0]
        filled = [parts[0]]
        for place in range(1, len(parts), 2):
            words = extra.get(parts[place]) or self.slots[parts[place]]
            filled += (words[next(dice) % len(words)], parts[place + 1])
        return "".join(filled)

    def words(self, section: str, pool: str) -> Sequence[str]:
        """The unfilled phrases of a pool that has no slots."""
        return [parts[0] for parts in self.pools[section][pool]]


@cache
def phrases(script: str = "simplified") -> Phrases:
    """The packaged phrases, or the same in Traditional characters."""
    text = packaged("simulation_texts.toml").decode()
    if script == "traditional":
        text = opencc.OpenCC("s2t").convert(text)
    sections = tomllib.loads(text)
    slots = {**sections.pop("slots"), "code": [a + b for a in _CODE for b in _CODE]}
    pools = {
        section: {name: [_SLOT.split(phrase) for phrase in pool] for name, pool in lists.items()}
        for section, lists in sections.items()
    }
    return Phrases(slots, pools)


@cache
def things(trade: str, script: str = "simplified") -> Mapping[str, Sequence[str]]:
    """A trade's own things, as slots."""
    return {"thing": phrases(script).words(trade, "things")}


def remark(trade: str, tone: str, script: str, dice: Dice) -> str:
    """What a customer of the trade says in that tone, in one to three clauses; chatter says nothing of it."""
    if script == "english":
        return phrases().one("english", tone, dice, {})
    known, own = phrases(script), things(trade, script)
    if tone == CHATTER:
        pool = "questions" if next(dice) % 12 == 0 else "chatter"
        return known.one("common", pool, dice, own)
    clauses = [known.one(trade, tone, dice, own)]
    shape = next(dice) % 10
    if shape >= 3:
        clauses.insert(shape % 2, known.one("common", tone, dice, own))
    if shape >= 8:
        clauses.append(known.one("common", tone, dice, own))
    if shape == 4:
        del clauses[1]
    opening = known.one("common", "openings", dice, own) if tone != NEUTRAL else ""
    return opening + "，".join(clauses) + known.one("common", _ENDINGS[tone], dice, own)


def bought_praise(dice: Dice) -> str:
    """One of the few sentences that a wave of bought reviews repeats."""
    known = phrases()
    return known.one("bought", "praise", dice, {}) + known.one("bought", "tails", dice, {})


def post(trade: str, owner: str, kind: str, shop: str, dice: Dice) -> str:
    """A post of the shop ("brand") or of its owner ("personal"): of its topic, off it, an advert, ..."""
    known, own = phrases(), {**things(trade), "shop": (shop,)}
    text = known.one(owner, kind, dice, own)
    return text + known.one(owner, "closings", dice, own) if kind == "posts" else text
