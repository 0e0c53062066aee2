"""Rules that need no model: what is no consumer's remark, and what signs and English words say."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from scoring.reading.tone import Tone

PASSING = 4  #: a text that names somebody and says no more than this many characters calls a friend

_QUOTED = re.compile(r"//\s*@.*", re.DOTALL)
_NAME = re.compile(r"(?:回复|回覆)?@[\w\-·]+:?")
_APART = re.compile(r"#[^#]{1,60}#|https?://[!-~]+")
_LEFT_OUT = re.compile(r"\[[^\[\]]{1,8}\]|[\W_]+")
_SOUNDS = "哈嘿嘻呵啊哦嗯噢呃唉哇h0123456789"
_LAUGHTER = re.compile(rf"[{_SOUNDS}]+")
_QUESTION = re.compile(r"[^,。!;?]{1,12}吗[\W_]*")
_REACH = r"(?:[^\S\n]+[\w']+){0,2}[^\S\n]+"


def stated(text: str) -> str:
    """What somebody says in their own words: without quoted posts, names, topics and links.

    >>> stated("回复@老林49:好吃 #汽锅鸡# //@小北: 难吃")
    ' 好吃  '
    """
    if "@" not in text and "#" not in text and "://" not in text:
        return text
    own = _QUOTED.sub("", text.replace("：", ":"))
    return _APART.sub("", _NAME.sub(" ", own)).rstrip("\n")


def bare(text: str) -> str:
    """The letters and digits of a text, without signs such as [赞]."""
    return _LEFT_OUT.sub("", text)


@dataclass(frozen=True)
class Rules:
    """Word lists, compiled; every text they are asked about is already folded and without names."""

    small_talk: frozenset[str]
    idle: frozenset[str]  #: the letters of small talk and laughter; a text with any other is neither
    marks: frozenset[str]  #: letters of which every lottery and advertisement holds one
    elsewhere: re.Pattern[str]  #: lotteries and advertising
    sign: re.Pattern[str]
    signs: dict[str, int]
    word: re.Pattern[str]
    words: dict[str, int]
    negated: re.Pattern[str]

    def is_about_else(self, text: str) -> bool:
        """Whether a text is a lottery or advertising."""
        return self.elsewhere.search(text) is not None

    def asks(self, text: str) -> bool:
        """Whether a text is one short question: asked about, "tasty" is no praise."""
        return _QUESTION.fullmatch(text.strip()) is not None

    def says_nothing(self, text: str, bare: str) -> bool:
        """Whether a text holds no remark: no words and no known signs, or small talk."""
        if not bare:
            return not self.sign.search(text)
        return bare in self.small_talk or _LAUGHTER.fullmatch(bare) is not None

    def tone(self, text: str, bare: str) -> Tone:
        """What English words say, or, where there are no words, the signs."""
        balance = sum(self.words_in(text) if bare else self.signs_in(text))
        if balance == 0:
            return Tone.NEUTRAL
        return Tone.POSITIVE if balance > 0 else Tone.NEGATIVE

    def signs_in(self, text: str) -> Iterable[int]:
        return (self.signs[found] for found in self.sign.findall(text))

    def words_in(self, text: str) -> Iterable[int]:
        for found in self.word.finditer(text):
            weight = self.words[found.group()]
            turned = self.negated.search(text, max(0, found.start() - 40), found.start())
            yield -weight if turned else weight


def rules(raw: bytes) -> Rules:
    """Read the word lists from TOML bytes."""
    lists = tomllib.loads(raw.decode())
    english, signs = lists["english"], _weighed(lists["signs"])
    words = _weighed(english)
    return Rules(
        small_talk=frozenset(word.replace(" ", "") for word in lists["small_talk"]),
        idle=frozenset("".join(lists["small_talk"]) + _SOUNDS),
        marks=frozenset(lists["marks"]),
        elsewhere=_any_of((*lists["lottery"], *lists["advertising"])),
        sign=_any_of(signs),
        signs=signs,
        word=re.compile(rf"\b(?:{_any_of(words).pattern})\b"),
        words=words,
        negated=re.compile(rf"\b(?:{_any_of(english['negations']).pattern}){_REACH}$"),
    )


def _weighed(lists: dict[str, list[str]]) -> dict[str, int]:
    return {word: 1 for word in lists["positive"]} | {word: -1 for word in lists["negative"]}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))
