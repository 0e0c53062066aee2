"""Question by question: how many merchants see it, answer it and leave at it, and how hard it is. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.report import Spread, spread
from conversations.session import Stage
from conversations.steps import BLOCKS, CLOSING, DETAIL_BLOCKS, STEPS
from conversations.store.desk.questions import Conversation, Line

GONE = timedelta(days=1)  #: without a word on an open question: the merchant has left
PROMPTS = (*BLOCKS, *DETAIL_BLOCKS, *(step.id for step in CLOSING))
ASKING = (Stage.APPLYING, Stage.DETAILING, Stage.OFFERED)
NAMES = ("question", "seen", "answered", "left", "seconds", "corrected", "unclear")
_KEPT = {"licence_number"}  #: of the closing questions the one that leaves an answer


@dataclass(frozen=True)
class Question:
    """One prompt, by the step that leads it, in so many conversations."""

    step: str
    seen: int
    answered: int
    left: int  #: at this question, and not come back since
    time: Spread | None  #: from its being asked to its being settled
    corrected: int  #: answers changed later
    unclear: int  #: times that an answer did not do as it was: not understood, impossible, or read back

    def cells(self) -> tuple[str, ...]:
        """The figures in the order of `NAMES`."""
        seconds = f"{self.time.median:.0f}" if self.time else ""
        figures = (self.seen, self.answered, self.left, seconds, self.corrected, self.unclear)
        return (self.step, *map(str, figures))


@dataclass
class _Stretch:
    """From when a prompt is asked until another one is, or nothing is any more."""

    block: str
    since: datetime
    until: datetime | None = None
    unclear: int = 0


@dataclass(frozen=True)
class _Told:
    """One conversation as stretches; `left` names the prompt at which the merchant has gone."""

    stretches: Sequence[_Stretch]
    answered: frozenset[str]
    corrected: Sequence[str]
    left: str | None


def questions(conversations: Iterable[Conversation], now: datetime) -> tuple[Question, ...]:
    """Every prompt that anybody saw, in the order of the table."""
    told = [_told(each, now) for each in conversations]
    seen = {stretch.block for each in told for stretch in each.stretches}
    return tuple(_question(block, told) for block in PROMPTS if block in seen)


def _question(block: str, told: Sequence[_Told]) -> Question:
    met = [[stretch for stretch in each.stretches if stretch.block == block] for each in told]
    firsts = [stretches[0] for stretches in met if stretches]
    return Question(
        block,
        seen=len(firsts),
        answered=sum(block in each.answered for each in told),
        left=sum(each.left == block for each in told),
        time=spread((one.until - one.since).total_seconds() for one in firsts if one.until),
        corrected=sum(each.corrected.count(block) for each in told),
        unclear=sum(stretch.unclear for stretches in met for stretch in stretches),
    )


def _told(conversation: Conversation, now: datetime) -> _Told:
    stretches = list(_stretches(conversation.lines))
    heard = max((line.at for line in conversation.lines if line.merchant), default=None)
    last = stretches[-1] if stretches else None
    if last and conversation.stage in ASKING:
        last.until = None
    quiet = last is not None and last.until is None and now - max(last.since, heard or last.since) > GONE
    closed = {one.block for one in stretches if one.until and STEPS[one.block] in CLOSING} - _KEPT
    given = [(STEPS[each.step].block, each.again) for each in conversation.given if each.step in STEPS]
    return _Told(
        stretches,
        frozenset({block for block, _ in given} | closed),
        [block for block, again in given if again],
        last.block if last and quiet else None,
    )


def _stretches(lines: Iterable[Line]) -> Iterator[_Stretch]:
    """Each ends with the last thing the merchant said in it, or where they said nothing with the next."""
    now: _Stretch | None = None
    for line in lines:
        block = STEPS[line.step].block if line.step in STEPS else None
        if block and (now is None or block != now.block):
            if now:
                now.until = now.until or line.at
                yield now
            now = _Stretch(block, line.at)
        if now and line.merchant:
            now.until = line.at
        if now and line.unclear:
            now.unclear += 1
    if now:
        yield now
