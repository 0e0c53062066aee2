"""What a message corrects: by name, by the old value, or just what was said last. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from conversations import several
from conversations.amounts import plain, quantities
from conversations.answers import Understood
from conversations.judging import Ground
from conversations.session import Given, Session, Stage
from conversations.several import Facts
from conversations.steps import STEPS, Figure, answered, asked

_OPTIONS = ("role", "trade", "licence")  #: steps of which "not this one, that one" can be said


@dataclass(frozen=True)
class Heard:
    """What a message tells; beside the facts, what it says of answers without telling new ones."""

    facts: Facts = field(default_factory=Facts)
    again: tuple[str, ...] = ()  #: answers said to be wrong: the one to ask again, or those to choose from
    later: tuple[str, ...] = ()  #: named to be changed, but not answered yet
    meant: Mapping[str, Given] = field(default_factory=dict)  #: probably meant: read back first
    trimmed: bool = False  #: words that only say that something is corrected were taken off the rest

    @property
    def understood(self) -> bool:
        return self.facts.told or bool(self.again or self.later or self.meant)

    def asked(self, session: Session) -> "Heard":
        """The same said as a question: "did you note 96k as the rent?" changes nothing unseen."""
        unsure = {step: each for step, each in self.facts.values.items() if session.known(step)}
        if not unsure:
            return self
        sure = {step: each for step, each in self.facts.values.items() if step not in unsure}
        vague = {**self.facts.vague, **unsure}
        return replace(self, facts=replace(self.facts, values=sure, vague=vague))


def read(clauses: Sequence[str], session: Session, ground: Ground) -> Heard:
    """What the clauses tell of any step, and which answers they put right."""
    told, olds = _without_olds(clauses, ground)
    told, opening = _without_opening(told, ground)
    facts = several.read(told, session, ground)
    changing = any(_changing(clause, ground) for clause in clauses)
    heard = Heard(facts, trimmed=bool(olds or opening))
    if facts.told:
        return heard
    if facts.named and (olds or opening or changing):
        known = tuple(step for step in facts.named if session.known(step))
        return replace(heard, again=known) if known else replace(heard, later=facts.named)
    if session.doubt is not None or _about_the_question(told, session, ground):
        return heard
    if olds and (other := _not_that_one(olds, session, ground)):
        return replace(heard, facts=other)
    if olds:
        return _instead_of(olds, heard, session, ground)
    return _last_answer(heard, opening, session, ground) if opening or changing else heard


def _about_the_question(told: Sequence[str], session: Session, ground: Ground) -> bool:
    """Whether the open question is about the very answer being corrected, or is named."""
    if session.waiting is None or session.clarifying:
        return False
    open_ = {step.id for step in asked(session, session.waiting)}
    named = {mention.step for clause in told for mention in ground.names.mentions(plain(clause))}
    return session.known(session.waiting) or not named.isdisjoint(open_)


def _changing(clause: str, ground: Ground) -> bool:
    said = plain(clause)
    return ground.names.marked(said, "change") or ground.names.marked(said, "amiss")


def _without_olds(clauses: Sequence[str], ground: Ground) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clauses without what is said not to be meant, and that, where it is a figure or an option."""
    told: list[str] = []
    olds: list[str] = []
    for clause in clauses:
        left, old = ground.names.negated(plain(clause))
        if any(_is_value(each, ground) for each in old):
            olds += old
            told += [left] if left else []
        else:
            told.append(clause)
    return tuple(told), tuple(olds)


def _is_value(said: str, ground: Ground) -> bool:
    options = (several.value(step, said, ground) for step in _OPTIONS)
    return bool(quantities(said) or ground.names.place(said)) or any(options)


def _without_opening(clauses: tuple[str, ...], ground: Ground) -> tuple[tuple[str, ...], str | None]:
    """The clauses without "no, wait" at their beginning, and how sure that is to correct something."""
    if not clauses:
        return clauses, None
    first = plain(clauses[0])
    for mark in ("wrong", "perhaps_wrong"):
        after = ground.names.begins(first, mark)
        if after is not None and (after or len(clauses) > 1):
            return ((after, *clauses[1:]) if after else clauses[1:]), mark
    return clauses, None


def _instead_of(olds: Sequence[str], heard: Heard, session: Session, ground: Ground) -> Heard:
    """ "Not 30,000, 35,000": the answer that has the old value gets the new one, or is asked for again."""
    having = tuple(
        step.id
        for step in answered(session)
        if several.takes(session, step.id) and any(_reads_as(step.id, old, session, ground) for old in olds)
    )
    meant = tuple(step for step in having if step in session.filled) or having
    if len(meant) != 1:
        return replace(heard, again=meant)
    step = meant[0]
    reading = several.value(step, " ".join(heard.facts.rest), ground)
    if isinstance(reading, Understood) and step in reading.values:
        return replace(heard, facts=several.facts(step, reading))
    other = None if heard.facts.rest else _other_of_two(step, session.value(step))
    return replace(heard, facts=other) if other else replace(heard, again=(step,))


def _not_that_one(olds: Sequence[str], session: Session, ground: Ground) -> Facts | None:
    """ "Not 12", said to the open question that takes one of two."""
    for step in asked(session, session.waiting) if session.waiting else ():
        reading = several.value(step.id, olds[0], ground)
        if isinstance(reading, Understood) and step.id in reading.values:
            return _other_of_two(step.id, reading.values[step.id])
    return None


def _other_of_two(step: str, value: Given) -> Facts | None:
    """Where an answer is one of two, not this one is the other."""
    reads = STEPS[step].reads
    others = [each for each in reads.among if each != value] if isinstance(reads, Figure) else []
    return Facts({step: others[0]}, by_name=frozenset({step})) if len(others) == 1 else None


def _reads_as(step: str, said: str, session: Session, ground: Ground) -> bool:
    """Whether the words are the answer that this step has."""
    reading = several.value(step, said, ground)
    return isinstance(reading, Understood) and reading.values.get(step) == session.value(step)


def _last_answer(heard: Heard, opening: str | None, session: Session, ground: Ground) -> Heard:
    """ "No, 35": what was answered last, or the amount where the offers are; read back if not sure which."""
    rest = " ".join(heard.facts.rest)
    at_the_offers = opening is None and session.stage not in (Stage.APPLYING, Stage.DETAILING)
    steps = ("amount",) if at_the_offers else tuple(step for step in session.filled if session.known(step))
    readings = {step: several.value(step, rest, ground) for step in steps}
    fitting = {
        step: reading
        for step, reading in readings.items()
        if isinstance(reading, Understood) and reading.values.get(step) not in (None, session.value(step))
    }
    same = [step for step in steps if _reads_as(step, rest, session, ground)]
    if same and not fitting:
        return replace(heard, facts=Facts({same[0]: session.value(same[0])}, by_name=frozenset(same)))
    if not fitting:
        which = opening is None and quantities(rest) and not _answers_the_question(rest, session, ground)
        return replace(heard, again=tuple(step.id for step in answered(session)) if which else ())
    step = min(fitting, key=lambda each: _distance(session.value(each), fitting[each].values[each]))
    reading = fitting[step]
    if len(fitting) == 1 and not (
        opening == "perhaps_wrong" and _answers_the_question(rest, session, ground)
    ):
        return replace(heard, facts=several.facts(step, reading))
    return replace(heard, meant={step: reading.values[step]}, facts=Facts())


def _answers_the_question(said: str, session: Session, ground: Ground) -> bool:
    return session.waiting is not None and several.value(session.waiting, said, ground) is not None


def _distance(known: Given, new: Given) -> float:
    """How far a new figure is from the one it might replace, as a ratio; other things are far."""
    if isinstance(known, int | float) and isinstance(new, int | float) and known > 0 and new > 0:
        return max(known / new, new / known)
    return float("inf")
