"""Words people use for choices, yes, no, skip and questions: data, looked up and never run."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from conversations.amounts import plain

#: Options that bind somebody or end something: the words must say that and nothing else.
BINDING = frozenset(
    {"agree", "disagree", "under_18", "submit", "acknowledge", "accept", "decline", "all_right"}
)
_AROUND = " .,!。！，~"
_WANTED = re.compile(
    "^我?(?:要|选)(?=[0-9一二三四五六七八九十])"
)  # "I want 6": the rest must still be all there is
#: what is said before or after such words and means nothing: 好吧 同意吧, "fine, I agree then"
_FILLERS = re.compile(
    "^(?:(?:那就?|嗯+|好吧|行吧|算了|唉|哎|fine|well|alright)\\s+)+|[吧啊呀啦哦咯]+$| then$"
)

#: a wish that depends on something, or is asked about
_ASKS = re.compile("[?吗么]|如果|要是|的话|\\bif\\b")
_COUNTS = re.compile(
    "(?<![划合打计预结])算(?:吗|么|不算|进去[吗么]|在内[吗么]|上[吗么])|不算.{0,8}[吗么]"
    "|包不包[括含]|(?:包括|包含).{0,12}[吗么吧]"
    "|\\b(?:do|does|should|must)\\b[^.!]{0,60}\\b(?:count|include)\\b"
    "|\\b(?:is|are)\\b[^.!]{0,40}\\b(?:included|counted)\\b"
)


@dataclass(frozen=True)
class Vocabulary:
    """Each mapping goes from a meaning to the ways of saying it (already in `plain` form)."""

    choices: Mapping[str, tuple[str, ...]]
    signals: Mapping[str, tuple[str, ...]]  #: yes, no, skip, unknown, none
    questions: Mapping[str, tuple[str, ...]]
    commands: Mapping[str, tuple[str, ...]]
    intents: Mapping[str, tuple[str, ...]]  #: of those that are sure where nothing else is said
    languages: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, tuple[str, ...]]  #: what the glossary explains
    forms: Mapping[str, tuple[str, ...]]  #: how one asks for a meaning, insults, refuses consent, denies

    def choice(self, text: str, options: tuple[str, ...]) -> str | None:
        """The option meant: by its number, its id, or a word for it; the longest word found wins."""
        said = plain(text)
        if re.fullmatch("[0-9]{1,2}", said) and 1 <= int(said) <= len(options):
            return options[int(said) - 1]
        if said in options:
            return said
        found = [
            (len(word), option)
            for option in options
            for word in self.ways(option)
            if _means(said, word, option)
        ]
        return max(found)[1] if found else None

    def chosen(self, text: str, options: tuple[str, ...]) -> list[str]:
        """Every option the text names, in the options' order; numbers count only when they stand alone."""
        said = plain(text)
        if re.fullmatch(r"[0-9]{1,2}([\s,和]+[0-9]{1,2})*", said):
            numbers = [int(number) for number in re.findall("[0-9]+", said)]
            return [options[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(options)]
        return [
            option for option in options if said == option or any(holds(said, w) for w in self.ways(option))
        ]

    def signal(self, text: str) -> str | None:
        """ "yes", "no", "skip", "unknown" or "none" when that is all the text says."""
        said = plain(text).strip(_AROUND)
        return next((name for name, words in self.signals.items() if said in words), None)

    def question(self, text: str) -> str | None:
        """What the text asks about: "why", "rate", "time", "privacy", ..."""
        return self._first(self.questions, text)

    def intent(self, text: str) -> str | None:
        """What somebody wants whose words say that and nothing else."""
        said = plain(text).strip(_AROUND + "?")
        return next((intent for intent, words in self.intents.items() if said in words), None)

    def term(self, text: str) -> str | None:
        """The term whose meaning is asked for; the longest name found wins."""
        said = plain(text).strip(_AROUND + "?")
        named = [
            (len(word), term) for term, words in self.terms.items() for word in words if holds(said, word)
        ]
        asked = self._among("meaning", said)
        return max((each for each in named if asked or self._asks_for(said, each)), default=(0, None))[1]

    def _asks_for(self, said: str, named: tuple[int, str]) -> bool:
        """ "What is principal", not "what is the interest": the words stand right beside the term."""
        before, after = (_alternatives(self.forms[form]) for form in ("naming", "naming_after"))
        term = _alternatives(word for word in self.terms[named[1]] if len(word) == named[0])
        return (
            re.search(f"(?:{before}) (?:an? )?(?:{term})(?![a-z])|(?:{term})(?:{after})(?!时)", said)
            is not None
        )

    def insult(self, text: str) -> bool:
        return self._among("insult", plain(text))

    def refuses(self, text: str) -> bool:
        """ "I do not agree to that", with more words around; not where it is asked or taken back."""
        said = plain(text)
        words = [word for word in self.forms["refusal"] if holds(said, word)]
        if not words or _ASKS.search(said):
            return False
        rest = re.sub(_alternatives(sorted(words, key=len, reverse=True)), " ", said)
        return not (holds(rest, "同意") or holds(rest, "agree"))

    def counts(self, text: str) -> bool:
        """ "Does my mortgage count?": whether it is asked what a figure takes in."""
        return _COUNTS.search(plain(text)) is not None

    def denies(self, text: str) -> bool:
        """Whether there is a "not" in it."""
        return self._among("denial", plain(text))

    def _among(self, form: str, said: str) -> bool:
        return any(_standing(word).search(said) for word in self.forms[form] if word in said)

    def command(self, text: str) -> str | None:
        """The command that plain words stand for: 人工 is /human."""
        said = plain(text).strip(_AROUND + "?")
        return next((command for command, words in self.commands.items() if said in words), None)

    def ways(self, option: str) -> tuple[str, ...]:
        return self.choices.get(option, ())

    def _first(self, table: Mapping[str, tuple[str, ...]], text: str) -> str | None:
        said = plain(text)
        return next((name for name, words in table.items() if any(holds(said, word) for word in words)), None)


def _means(said: str, word: str, option: str) -> bool:
    binding = option in BINDING or option.startswith("take:")
    alone = _WANTED.sub("", _FILLERS.sub("", said.replace(", ", " ").strip(_AROUND)))
    return alone == word if binding else holds(said, word)


def holds(said: str, word: str) -> bool:
    """Chinese words anywhere, Latin ones only whole; neither right after a "not"."""
    return word in said and _affirmed(word).search(said) is not None


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


@cache
def _standing(word: str) -> re.Pattern[str]:
    """Chinese words anywhere, Latin ones only whole, denied or not."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word))


@cache
def _affirmed(word: str) -> re.Pattern[str]:
    if word.isascii():
        return re.compile(
            rf"(?<![a-z0-9])(?<!not )(?<!n't )(?<!not a )(?<!not the ){re.escape(word)}(?![a-z0-9])"
        )
    return re.compile(rf"(?<![不没别])(?<![不没][是有用要想做会开])(?<!不同意)(?<!不愿意){re.escape(word)}")


@cache
def load() -> Vocabulary:
    """The packaged vocabulary."""
    text = resources.files("conversations").joinpath("locales/vocabulary.toml").read_text("utf-8")
    tables: dict[str, dict[str, tuple[str, ...]]] = {
        table: {meaning: tuple(plain(word) for word in words) for meaning, words in entries.items()}
        for table, entries in tomllib.loads(text).items()
    }
    return Vocabulary(**tables)
