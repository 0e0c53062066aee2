"""What a message tells is kept: corrections first, then the open question's own answer; all is said back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conversations import answering, clauses, commands, judging, keeping, prompts, readable
from conversations.accounts import is_address
from conversations.asking import ask_again
from conversations.correcting import Heard
from conversations.judging import Ground
from conversations.replies import Choice, Clause, Clauses, Label, Labels, Reply
from conversations.session import Given, Session, Stage, Turn
from conversations.steps import STEPS, Handle, Place, members

_IN_THE_APPLICATION = (Stage.APPLYING, Stage.DETAILING)


def note(session: Session, heard: Heard, text: str, ground: Ground) -> Turn:
    """What an understood message does."""
    if heard.again:
        return ask_one_again(session, heard.again, ground)
    if heard.later:
        return ask_again(session, prompts.say("comes_later", what=_labels(heard.later)))
    if heard.meant:
        return _read_back(Turn(session), heard.meant, "doubt.meant")
    told = _judged(session, heard, ground)
    after, said = keeping.kept(session, told.sure, text, ground)
    own = _own_answer(session, after, heard, ground)
    if not (told.sure or told.vague or told.problems or own):
        return _nothing_new(session, heard)
    if own is None:
        turn = keeping.follow(session, after) if told.sure else ask_again(session)
    else:
        turn = _all_filled(own, after)
    new = _new(session, turn.session)
    turn = turn.preceded_by(*new, *said, *told.problems)
    return _read_back(turn, told.vague, told.doubt) if told.vague and turn.session.doubt is None else turn


def _nothing_new(session: Session, heard: Heard) -> Turn:
    """What is said once more changes nothing and decides nothing anew."""
    said = [
        prompts.say("already", what=Label(f"step.{step}"), value=readable.answer(session, STEPS[step]))
        for step in heard.facts.values
    ]
    return Turn(session, tuple(said)) if session.waiting is None else ask_again(session, *said)


def ask_one_again(session: Session, steps: tuple[str, ...], ground: Ground) -> Turn:
    """The answer said to be wrong is asked for; of several the merchant says which."""
    if len(steps) == 1:
        return commands.edit(session, steps[0], ground.at)
    choices = tuple(
        Choice(f"/edit {step}", "choice.change", {"what": Label(f"step.{step}")}) for step in steps
    )
    return Turn(session, (prompts.say("edit.which", *choices),))


@dataclass(frozen=True)
class _Judged:
    """Facts seen beside the other answers: kept, read back first, or impossible."""

    sure: Mapping[str, Given]
    vague: Mapping[str, Given]
    doubt: str
    problems: tuple[Reply, ...]


def _judged(session: Session, heard: Heard, ground: Ground) -> _Judged:
    problems = [] if heard.facts.problem is None else [heard.facts.problem]
    sure: dict[str, Given] = {}
    vague: dict[str, Given] = {}
    doubt = "doubt.vague"
    for step, value in {**heard.facts.values, **heard.facts.vague}.items():
        if session.known(step) and session.value(step) == value:
            continue
        if problem := judging.impossible(session, {**sure, step: value}, ground):
            problems.append(problem)
        elif unusual := judging.unusual(session, {**sure, step: value}, ground):
            vague[step], doubt = value, unusual
        elif step in heard.facts.vague:
            vague[step] = value
        else:
            sure[step] = value
    replies = (prompts.say(problem.key, **problem.values) for problem in problems)
    return _Judged(sure, vague, doubt, tuple(replies))


def _own_answer(session: Session, after: Session, heard: Heard, ground: Ground) -> Turn | None:
    """The open question's answer among what is left of the message."""
    asks = session.stage in _IN_THE_APPLICATION or session.known(session.waiting or "")
    if session.waiting is None or not asks:
        return None
    waiting = _still_open(session, after)
    if waiting is None:
        return None
    place = isinstance(STEPS[waiting].reads, Place | Handle)
    rest = heard.facts.untouched if place else heard.facts.rest
    if not rest or (isinstance(STEPS[waiting].reads, Handle) and not is_address(clauses.joined(rest))):
        return None
    return answering.said(replace(after, waiting=waiting), clauses.joined(rest), ground)


def _all_filled(own: Turn, after: Session) -> Turn:
    """The open question's answer and the facts beside it were one message."""
    if own.session.filled is after.filled:
        return own
    return replace(own, session=replace(own.session, filled=(*after.filled, *own.session.filled)))


def _still_open(session: Session, after: Session) -> str | None:
    """The step that the open question still asks for once the facts are kept."""
    waiting = session.waiting
    if waiting is None or session.known(waiting):
        return waiting if waiting not in after.filled else None
    return next((step.id for step in members(STEPS[waiting].block) if not after.known(step.id)), None)


def _new(session: Session, after: Session) -> tuple[Reply, ...]:
    """One line with everything that was understood, where it was more than the open question asked for."""
    block = STEPS[session.waiting].block if session.waiting else None
    new = [
        step for step in STEPS.values()
        if after.known(step.id) and not session.known(step.id) and after.value(step.id) is not None
    ]  # fmt: skip
    if all(step.block == block for step in new):
        return ()
    parts = tuple(
        Clause("noted.one", {"what": Label(f"step.{step.id}"), "value": readable.answer(after, step)})
        for step in new
    )
    return (prompts.say("noted", answers=Clauses(parts)),)


def _read_back(turn: Turn, values: Mapping[str, Given], doubt: str) -> Turn:
    """What was said before the question stays; the question is whether the values are right."""
    session = turn.session
    if session.stage is Stage.ASSESSING:
        return turn
    waiting = session.waiting or next(iter(values))
    asking = replace(session, waiting=waiting, doubt=values, doubted=doubt)
    said = tuple(reply for reply in turn.replies if reply.step is None)
    return Turn(asking, (*said, *ask_again(asking).replies), turn.requests)


def _labels(steps: tuple[str, ...]) -> Labels:
    return Labels(tuple(f"step.{step}" for step in steps))
