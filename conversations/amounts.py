"""Numbers as people write them: 35,000, 3.5万, 三万五, 35k, 大概2w, 三四万. Reads text, decides nothing."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

import opencc

from conversations.numerals import HAN, counted, written

LONGEST = 200  #: characters looked at; no honest answer with a number is longer
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SCALES = {"十": 10, "百": 100, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
_SCALE = r"(?:[百千万亿]+|[wk](?![a-z]))?"
_LOWER = (
    r"(?:(?<=亿)\s*[0-9]{1,4}\s*千?万|(?<=[亿万w])\s*[0-9](?:\.[0-9]+)?\s*[千百]|(?<=[千k])\s*[0-9]\s*百)"
)
_REST = r"(?<=[百千万亿wk])[0-9](?![0-9.]|\s*[百千万])|(?<=万)[0-9]{4}(?![0-9.])|(?<=千)[0-9]{3}(?![0-9.])"
_MIXED = rf"(?:{_DIGITS})\s*{_SCALE}(?:{_LOWER}|{_REST})*"
_NUMBER = rf"{_MIXED}|[{HAN}]+(?:点[{HAN}]+[万亿千百]?)?|半"
_FUZZY = r"(?:大约|大概|差不多|将近|接近|约|about|around|roughly|some|~|≈)"
_TOKEN = re.compile(
    rf"(?P<fuzzy>{_FUZZY})?[\s一]{{0,2}}?(?P<sign>(?<![0-9{HAN}wk])-)?\s*(?P<money>[¥$]|rmb|cny)?\s*"
    rf"(?P<first>{_NUMBER})(?:\s*(?:-|~|—|到|至|to)\s*(?P<second>{_NUMBER}))?"
    rf"\s*(?P<vague>[来多余几]|左右|上下|的?样子|or so)?\s*(?P<after>[万千百])?"
    rf"\s*(?P<unit>元|块钱?|圆|rmb|cny|yuan|个?人|名|位|people|staff|天|days?|日|期|个月|月|months?|年|years?|"
    rf"单|桌|客|杯|orders?|%|％)?(?P<more>左右|上下|的?样子|多)?"
)
_SCIENTIFIC = re.compile(r"[0-9]e[+-]?[0-9]")  # nobody counts money as 1e400
#: what stands before the parts of a list, no figures of it
_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⓪⓵⓶⓷⓸⓹⓺⓻⓼⓽⓾❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉"
_SIGNS = str.maketrans({"，": " ", "、": " ", "−": "-", "–": "-", "’": "'", **dict.fromkeys(_MARKS, " ")})
_KINDS = {
    "money": ("元", "块", "块钱", "圆", "rmb", "cny", "yuan"),
    "people": ("个人", "人", "名", "位", "people", "staff"),
    "days": ("天", "日", "day", "days"),
    "months": ("期", "个月", "月", "month", "months"),
    "years": ("年", "year", "years"),
    "orders": ("单", "桌", "客", "杯", "order", "orders"),
    "percent": ("%",),
}
_JOINED_BEFORE = frozenset("上下统第唯逐")
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}


@dataclass(frozen=True)
class Quantity:
    """A number found in text; `kind` is what its counter says it counts, None when it has none."""

    value: Decimal
    kind: str | None = None
    vague: bool = False  #: said as "about", as a range or with a remainder: read it back


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """Text as parsers see it: Simplified, half width, lower case, nothing invisible.

    >>> plain("３.５萬　元")
    '3.5万 元'
    """
    visible = HIDDEN.sub("", text[: LONGEST * 2]).translate(_SIGNS)
    simplified = str(_simplifier().convert(unicodedata.normalize("NFKC", visible)[:LONGEST]))
    return simplified.replace("著", "着").lower().strip()  # 接著 too, which may be a 著 of its own


def quantities(text: str) -> list[Quantity]:
    """Every number in the text, in order.

    >>> [str(q.value) for q in quantities("三万五, 3.5万 35k 1万2 120,000")]
    ['35000', '35000.0', '35000', '12000', '120000']
    >>> quantities("七八千")
    [Quantity(value=Decimal('7500'), kind=None, vague=True)]
    """
    ready = written(plain(text))
    return [] if _SCIENTIFIC.search(ready) else list(_found(ready))


def _found(text: str) -> Iterator[Quantity]:
    for token in _TOKEN.finditer(text):
        value = _between(token["first"], token["second"], token["after"])
        if value is None or text[: token.start("first")].endswith("第") or _within_a_word(text, token):
            continue
        kind = _KIND_OF.get(token["unit"] or "", "money" if token["money"] else None)
        vague = any(token[part] for part in ("fuzzy", "second", "vague", "more"))
        yield Quantity(-value if token["sign"] else value, kind, vague)


def _within_a_word(text: str, token: re.Match[str]) -> bool:
    """上一题, 统一: a single numeral that words go on from counts nothing."""
    if len(token["first"]) > 1 or token["first"] not in HAN:
        return False
    if any(token[part] for part in ("money", "second", "after", "unit", "vague")):
        return False
    before, after = text[: token.start("first")][-1:], text[token.end() :][:1]
    return before in _JOINED_BEFORE or "\u4e00" <= after <= "\u9fff"


def _between(first: str, second: str | None, after: str | None) -> Decimal | None:
    """One number, or the middle of a range: 2-3万 means 20,000 to 30,000."""
    scale = SCALES[after] if after else 1
    if second is None:
        low = _number(first)
        return low if low is None else low * scale
    low, high = _number(first), _number(second)
    if low is None or high is None:
        return None
    if low < high / 100 and second[-1] in SCALES and first[-1] not in SCALES:
        low *= SCALES[second[-1]]
    return (low + high) * scale / 2


def _number(text: str) -> Decimal | None:
    try:
        if text == "半":
            return Decimal("0.5")
        if "点" in text and text[-1] in SCALES:
            return Decimal(str(counted(text[:-1]))) * SCALES[text[-1]]
        if text[0] in HAN:
            return Decimal(str(counted(text)))
        return _scaled(text)
    except (ValueError, InvalidOperation, OverflowError, KeyError, IndexError):
        return None  # not a number after all; the text around it may still hold one


def _scaled(text: str) -> Decimal:
    """Digits with Chinese scales: 3万5千 and 3万5 are both 35,000."""
    total, last = Decimal(0), 1
    for digits, scales in re.findall(r"([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)\s*([百千万亿wk]*)", text):
        factor = 1
        for scale in scales:
            factor *= SCALES[scale]
        if not scales and last > 1 and len(digits) == 1:
            factor = last // 10
        total += Decimal(digits.replace(",", "")) * factor
        last = factor
    return total
