"""What people call the things that are asked for, and the words by which they correct: data, looked up."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from conversations.amounts import plain
from conversations.numerals import HAN

_AROUND = " .,:!?~-。！？：，"
#: The marks whose words alone do not show that a message is more than an answer.
_QUIET = ("around", "but", "amiss", "from", "to", "asking")


@dataclass(frozen=True)
class Mention:
    """A step named in a text, from `start` to `end`."""

    step: str
    start: int
    end: int
    counter: bool = False  #: it stands right after the number that it counts


@dataclass(frozen=True)
class Names:
    """Each mapping goes from a step, or from what is meant, to the ways of saying it (in `plain` form)."""

    steps: Mapping[str, tuple[str, ...]]
    counters: Mapping[str, tuple[str, ...]]
    nouns: Mapping[str, tuple[str, ...]]
    unsure: Mapping[str, tuple[str, ...]]  #: words for options that name one only where it is asked for
    marks: Mapping[str, tuple[str, ...]]
    places: tuple[str, ...]

    def tells(self, said: str) -> bool:
        """Whether a text in plain form may correct something or names a place; most answers do not."""
        return self._telling.search(said) is not None

    def mentions(self, said: str) -> tuple[Mention, ...]:
        """The steps that a text in plain form names, in order."""
        return tuple(self._mentions(said))

    def _mentions(self, said: str) -> Iterator[Mention]:
        for match in self._named.finditer(said):
            if counter := match["counter"]:
                yield Mention(self._counted[counter], match.end() - len(counter), match.end(), counter=True)
            else:
                yield Mention(self._meant[match["name"]], *match.span())

    def noun(self, said: str) -> tuple[str, ...]:
        """The steps that a text may mean which is one noun and nothing else."""
        bare = self.bare(said)
        meant = tuple(step for step, words in self.nouns.items() if bare in words)
        return meant or ((self._meant[bare],) if bare in self._meant else ())

    def marked(self, said: str, mark: str) -> bool:
        """Whether a text in plain form says one of a mark's words."""
        return self._marks[mark].search(said) is not None

    def begins(self, said: str, mark: str) -> str | None:
        """What follows a mark's word at the beginning of a text; None where there is none."""
        found = self._marks[mark].match(said)
        return None if found is None else said[found.end() :].strip(_AROUND)

    def only(self, said: str, mark: str) -> bool:
        """Whether a text says one of a mark's words and nothing else."""
        return said.strip(_AROUND) in self.marks[mark]

    def negated(self, said: str) -> tuple[str, tuple[str, ...]]:
        """A text without what it says is not meant, and that.

        >>> load().negated("房租是16000不是15000")
        ('房租是16000', ('15000',))
        """
        olds = tuple(match["old"].strip(_AROUND) for match in self._negations.finditer(said))
        return (self._negations.sub(" ", said).strip(), olds) if any(olds) else (said, ())

    def place(self, said: str) -> str | None:
        """A city of the list that a text names."""
        found = self._places.search(said)
        return found[0] if found else None

    def bare(self, said: str) -> str:
        """A text without the words around it that carry nothing."""
        return self._around.sub("", said).strip(_AROUND)

    def value(self, said: str) -> str:
        """What is left of "改成16000", "is 16000", "from 15000 to 16000": the value that is meant."""
        return self._before_value.sub("", said).strip(_AROUND)

    @cached_property
    def _meant(self) -> Mapping[str, str]:
        return {word: step for step, words in self.steps.items() for word in words}

    @cached_property
    def _counted(self) -> Mapping[str, str]:
        return {word: step for step, words in self.counters.items() for word in words}

    @cached_property
    def _named(self) -> re.Pattern[str]:
        number = f"[0-9半{HAN}]"
        counter, name = _any(self._counted), _any(self._meant)
        return re.compile(rf"(?:(?<={number})|(?<={number} ))(?P<counter>{counter})|(?P<name>{name})")

    @cached_property
    def _marks(self) -> Mapping[str, re.Pattern[str]]:
        return {mark: re.compile(_any(words)) for mark, words in self.marks.items()}

    @cached_property
    def _negations(self) -> re.Pattern[str]:
        return re.compile(rf"{_any(self.marks['not'])}\s*(?P<old>.*?)(?:{_any(self.marks['but'])}|$)")

    @cached_property
    def _around(self) -> re.Pattern[str]:
        around = _any(self.marks["around"])
        return re.compile(rf"^(?:{around}|\s)+|(?:{around}|\s)+$")

    @cached_property
    def _before_value(self) -> re.Pattern[str]:
        empty = _any([*self.marks["around"], *self.marks["change"], *self.marks["but"]])
        return re.compile(
            rf"^(?:{empty}|[\s:：,]|{_any(self.marks['from'])}.*?(?={_any(self.marks['to'])}))+|(?:{_any(self.marks['around'])}|\s)+$"
        )

    @cached_property
    def _places(self) -> re.Pattern[str]:
        return re.compile(_any(self.places))

    @cached_property
    def _telling(self) -> re.Pattern[str]:
        marks = (word for mark, words in self.marks.items() if mark not in _QUIET for word in words)
        return re.compile(_any([*marks, *self.places]))


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first: Latin ones whole, Chinese ones anywhere.

    Most places in a text are none of theirs: one look at the first character passes them over.
    """
    ordered = sorted(set(words), key=len, reverse=True)
    latin = _one_of([word for word in ordered if word.isascii()])
    return f"(?:{_one_of([word for word in ordered if not word.isascii()])}|(?<![a-z]){latin}(?![a-z]))"


def _one_of(words: Sequence[str]) -> str:
    if not words:
        return "(?!)"
    return f"(?=[{''.join({re.escape(word[0]) for word in words})}])(?:{'|'.join(map(re.escape, words))})"


@cache
def load() -> Names:
    """The packaged names."""
    tables = {table: _plain(words) for table, words in _read("names.toml").items()}
    return Names(**tables, places=tuple(plain(place) for place in _read("places.toml")["places"]))


def _plain(words: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {meaning: tuple(plain(word) for word in said) for meaning, said in words.items()}


def _read(name: str) -> "dict[str, Mapping[str, list[str]]]":
    return tomllib.loads(resources.files("conversations").joinpath("locales", name).read_text("utf-8"))
