"""A typed message as a whole: answers of any step, corrections and questions, all honoured in one turn."""

from collections.abc import Sequence
from dataclasses import replace

from conversations import answering, clauses, correcting, keeping, noting, prompts, readable, turning_back
from conversations.accounts import is_address
from conversations.amounts import plain, quantities
from conversations.asides import aside, cross
from conversations.asking import ask_again, go_on, where_it_stands
from conversations.clauses import Clause
from conversations.intents.intent import Intent
from conversations.judging import Ground
from conversations.replies import Choice, Label, Labels, Reply
from conversations.session import Session, Stage, Turn
from conversations.steps import CLOSING, CONDITION, STEPS, Handle, asked
from conversations.steps import Choice as Options

_MOST = 20  #: clauses of one message that are looked at
_ALONE = {step.id for step in (*CLOSING, CONDITION)}
_OVER = ("/cancel", "/restart")
_LEFT_OUT = ("none", "skip", "unknown")
_NO_REQUESTS = ("/start", "/edit")  #: a greeting, or "wrong", beside something else


def said(session: Session, text: str, ground: Ground) -> Turn | None:
    """What a message does; None when nothing in it is understood."""
    ready, parts = plain(text), clauses.split(text)[:_MOST]
    signal = ground.words.signal(text) is not None or ground.words.command(text) is not None
    agreed = session.known("consent")
    alone = session.waiting in _ALONE  # there the words say that and nothing else
    at_once = signal or alone or not agreed or _is_bare(session, ready, parts, ground)
    if session.waiting is not None and at_once and (turn := answering.said(session, text, ground)):
        return _with_what_it_asks(session, turn, text, ready, ground)
    if not agreed:
        return _before_consent(session, parts, ground)
    if ground.words.signal(text) == "yes" and session.doubt is None:
        return _stays(session, session.waiting)
    return None if signal else _whole(session, text, parts, ground)


def _is_bare(session: Session, ready: str, parts: Sequence[Clause], ground: Ground) -> bool:
    """Whether the words can only be about the open question, as most answers are."""
    if session.waiting is None or any(part.asks for part in parts) or ground.names.tells(ready):
        return False
    if len(parts) > 1 and isinstance(STEPS[session.waiting].reads, Options):
        return False
    about = {step.id for step in asked(session, session.waiting)}
    return all(mention.step in about and mention.counter for mention in ground.names.mentions(ready))


def _with_what_it_asks(session: Session, turn: Turn, text: str, ready: str, ground: Ground) -> Turn:
    """An answer and a question in one breath, with nothing between them."""
    if not (ground.names.marked(ready, "asking") and ground.words.question(text)):
        return turn
    return _with_requests(session, turn, [Clause(text)], ground) or turn


def _before_consent(session: Session, parts: Sequence[Clause], ground: Ground) -> Turn | None:
    """Nothing is noted before the merchant has agreed, and that is said."""
    told = correcting.read([part.text for part in parts if not part.asks], session, ground)
    if told.facts.told:
        return ask_again(session, prompts.say("consent.first"))
    questions = [part for part in parts if _is_request(session, part, len(parts), ground)]
    return _with_requests(session, None, questions, ground) if len(questions) > 1 else None


def _whole(session: Session, text: str, parts: Sequence[Clause], ground: Ground) -> Turn | None:
    if turn := _taken_back(session, plain(text), ground) or _other_offer(session, plain(text), ground):
        return turn
    if _is_an_aside(text, parts, ground):
        return None if session.waiting is None else answering.said(session, text, ground)
    questions = [part for part in parts if _is_request(session, part, len(parts), ground)]
    told = [part.text for part in parts if part not in questions]
    if told and any(ground.words.command(part.text) in _OVER for part in questions):
        return _begun_anew(session, told, questions, ground)
    heard = _heard(session, parts, told, ground)
    turn = None
    if heard.understood:
        turn = _no_longer(session) or noting.note(session, heard, text, ground)
    elif session.waiting is not None and told:
        rest = clauses.joined(heard.facts.rest) if heard.trimmed or questions else text
        turn = _answered(session, rest, parts, ground)
    if questions:
        return _with_requests(session, turn, questions, ground)
    if turn is not None:
        return _with_what_it_asks(session, turn, text, plain(text), ground)
    return _noun(session, plain(text), ground)


def _answered(session: Session, rest: str, parts: Sequence[Clause], ground: Ground) -> Turn | None:
    """The open question's answer: all that is told, or one clause that says "none" or "skip" among others."""
    signal = next((part.text for part in parts if ground.words.signal(part.text) in _LEFT_OUT), None)
    if len(parts) > 1 and signal is not None and session.doubt is None:
        return answering.said(session, signal, ground)
    named = session.waiting is not None and isinstance(STEPS[session.waiting].reads, Handle)
    if len(parts) > 1 and named and not is_address(rest):
        return None  # a name stands alone
    return answering.said(session, rest, ground)


def _heard(
    session: Session, parts: Sequence[Clause], told: Sequence[str], ground: Ground
) -> correcting.Heard:
    heard = correcting.read(told, session, ground)
    asked = any(part.asks and part.text in told for part in parts)
    return heard.asked(session) if asked else heard


def _is_an_aside(text: str, parts: Sequence[Clause], ground: Ground) -> bool:
    """Whether a message surely wants something other than to tell or to put right: 不借了 tells no debt.

    How somebody cross speaks counts for more than what it seems to ask: 烦死了，怎么这么多问题.
    """
    if len(parts) > 1:
        return not quantities(text) and cross(text, ground)
    if ground.words.term(text) or ground.words.intent(text):
        return True
    found = None if quantities(text) else ground.intents.read(text)
    return found is not None and found is not Intent.CORRECT


def _is_request(session: Session, part: Clause, among: int, ground: Ground) -> bool:
    """Whether a clause asks something back, or for something to be done, that we have an answer to."""
    said = plain(part.text)
    if quantities(said) or (ground.names.mentions(said) and ground.names.marked(said, "change")):
        return False
    command = _order(part.text, ground) if among > 1 else None
    asks = part.asks or (among > 1 and ground.names.marked(said, "asking"))
    if command in _NO_REQUESTS or not (asks or command):
        return False
    return aside(session, part.text, ground) is not None


def _order(text: str, ground: Ground) -> str | None:
    """What a clause beside others orders; who gives up, or asks for a person, says so in many ways."""
    if command := ground.words.command(text):
        return command
    intent = ground.intents.read(text)
    return intent if intent in (Intent.CANCEL, Intent.HUMAN) else None


def _with_requests(
    session: Session, turn: Turn | None, questions: Sequence[Clause], ground: Ground
) -> Turn | None:
    """The turn with every question answered before the open one is put again."""
    done = turn or (Turn(session) if session.waiting is None else ask_again(session, answered=True))
    acted = False
    for part in questions:
        answer = aside(done.session if acted else session, part.text, ground)
        if answer is not None and not acted and answer.session != session:
            acted, answer = True, aside(done.session, part.text, ground)  # it does something: after the rest
        if answer is not None and acted:
            done = Turn(answer.session, _said(done), done.requests).followed_by(answer)
        elif answer is not None:
            done = replace(done, replies=(*_said(done), *_said(answer), *_asked(done)))
    return done


def _begun_anew(
    session: Session, told: Sequence[str], questions: Sequence[Clause], ground: Ground
) -> Turn | None:
    """Cancelled and begun again in one message: what it tells belongs to the new application."""
    over = _with_requests(session, None, questions, ground) or Turn(session)
    if session.stage is Stage.ACCEPTED:
        return over
    fresh = (
        turning_back.restart(over.session, sure=True) if over.session.answers.keys() - {"consent"} else over
    )
    heard = correcting.read(told, fresh.session, ground)
    if not heard.facts.told:
        return over
    turn = noting.note(fresh.session, heard, clauses.joined(told), ground)
    return Turn(fresh.session, _said(fresh), over.requests + fresh.requests).followed_by(turn)


def _said(turn: Turn) -> tuple[Reply, ...]:
    return tuple(reply for reply in turn.replies if reply.step is None)


def _asked(turn: Turn) -> tuple[Reply, ...]:
    return tuple(reply for reply in turn.replies if reply.step is not None)


def _taken_back(session: Session, said: str, ground: Ground) -> Turn | None:
    """ "Never mind": the answer asked for again stays. "Change it back": it is what it was before."""
    if ground.names.only(said, "undo") and session.replaced:
        return _no_longer(session) or keeping.keep(session, session.replaced, said, ground)
    if not ground.names.only(said, "keep"):
        return None
    doubted = next((step for step in session.doubt or () if session.known(step)), None)
    return _stays(session, doubted or session.waiting)


def _stays(session: Session, step: str | None) -> Turn | None:
    """The answer that is asked for once more stays as it is."""
    if step is None or not session.known(step):
        return None
    stays = {"what": Label(f"step.{step}"), "value": readable.answer(session, STEPS[step])}
    calm = go_on(session) if session.waiting == step else ask_again(replace(session, doubt=None))
    return (calm if calm.replies else Turn(calm.session, (where_it_stands(calm.session),))).preceded_by(
        prompts.say("kept", **stays)
    )


def _other_offer(session: Session, said: str, ground: Ground) -> Turn | None:
    """ "Not the 12 months": of two offers the other one is looked at."""
    if session.waiting != "offer":
        return None
    takes = tuple(each for each in prompts.offered(session, "offer") if each.startswith("take:"))
    left, olds = ground.names.negated(said)
    named = [ground.words.choice(ground.names.bare(old), takes) for old in olds]
    if len(takes) != 2 or ground.names.bare(left) or len(named) != 1 or named[0] is None:
        return None
    return answering.tapped(session, takes[named[0] == takes[0]], ground)


def _no_longer(session: Session) -> Turn | None:
    """After the end answers stay as they are."""
    if session.stage is Stage.ACCEPTED:
        return Turn(session, (prompts.say("edit.accepted", prompts.PERSON),))
    return Turn(session, (where_it_stands(session),)) if session.stage is Stage.CLOSED else None


def _noun(session: Session, said: str, ground: Ground) -> Turn | None:
    """One noun and nothing else: which of the things it may mean is to be changed."""
    steps = ground.names.noun(said)
    if not steps or any(STEPS[step].block == STEPS[session.waiting or "check"].block for step in steps):
        return None
    known = [step for step in steps if session.known(step)]
    if not known:
        later = Labels(tuple(f"step.{step}" for step in steps))
        return None if session.waiting is None else ask_again(session, prompts.say("comes_later", what=later))
    choices = tuple(
        Choice(f"/edit {step}", "choice.change", {"what": Label(f"step.{step}")}) for step in known
    )
    return ask_again(session, prompts.say("which.mean", *choices))
