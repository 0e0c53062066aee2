"""What is no answer to the open question: commands in plain words, questions back, talk.

Each is answered first, then the open question stands again. Words that are sure come first: those of the
vocabulary, and a question for the meaning of a term. Only what they leave is given to the reader of intents,
which may say that it is not sure.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from conversations import answering, clauses, commands, prompts, turning_back
from conversations.amounts import plain
from conversations.asking import ask_again, where_it_stands
from conversations.intents.intent import Intent
from conversations.judging import Ground
from conversations.replies import Label
from conversations.session import Session, Stage, Turn
from conversations.steps import STEPS
from conversations.vocabulary import holds

BOUNDED = ("sales_last_month", "rent", "staff_count", "debt_balance")  #: questions whose extent can be asked
_NO_WISH = (None, Intent.FRUSTRATION, Intent.CANCEL)  #: what a refusal of consent may sound like otherwise
PATIENCE = 3  #: times that somebody is cross until a person is offered


def aside(session: Session, text: str, ground: Ground) -> Turn | None:
    """What to say to words that are no answer; None when nobody knows what they mean."""
    words = ground.words
    if command := words.command(text):
        return commands.run(session, command, ground.at)
    if term := words.term(text):
        return ask_again(session, prompts.say(f"glossary.{term}"))
    block = STEPS[session.waiting].block if session.waiting else None
    if block in BOUNDED and words.counts(text):
        return ask_again(session, prompts.say(f"counts.{block}"))
    angry = Intent.FRUSTRATION if cross(text, ground) else None
    found = words.intent(text) or angry or words.question(text) or ground.intents.read(text)
    if session.waiting == "consent" and found in _NO_WISH and words.refuses(text):
        return turning_back.no_consent(session)
    return _REPLIES[found](session, text, ground) if found else None


def cross(text: str, ground: Ground) -> bool:
    """Whether somebody is cross; how that is said counts for more than what it seems to ask."""
    said = [text, *(part.text for part in clauses.split(text))]
    return any(ground.intents.read(each) is Intent.FRUSTRATION for each in said)


def _about(topic: str) -> "Answering":
    def answer(session: Session, _text: str, _ground: Ground) -> Turn:
        return ask_again(session, prompts.say(f"about.{topic}"))

    return answer


def _command(command: str) -> "Answering":
    def answer(session: Session, _text: str, ground: Ground) -> Turn:
        return commands.run(session, command, ground.at)

    return answer


def _left_out(session: Session, text: str, ground: Ground) -> Turn:
    """ "I would rather not say", "my wife knows that": what cannot be left out is said to be needed."""
    if session.waiting is None:
        return _status(session, text, ground)
    return answering.leave_out(session, text, ground) or ask_again(session, prompts.say("needed.other"))


def _status(session: Session, _text: str, ground: Ground) -> Turn:
    """Where the application is, with what can be done now where nothing is asked."""
    if session.waiting is None:
        return Turn(session, (where_it_stands(session),))
    return commands.status(session, "", ground.at)


def _language(session: Session, text: str, ground: Ground) -> Turn:
    """The one language that is named; none, or one that is not understood, and the choice is shown."""
    said = plain(text)
    named = [tag for tag, words in ground.words.languages.items() if any(holds(said, word) for word in words)]
    unsure = len(named) != 1 or ground.words.denies(text)
    return commands.language(session, "" if unsure else named[0], ground.at)


def _glossary(session: Session, _text: str, _ground: Ground) -> Turn:
    """A term that the glossary does not have."""
    return ask_again(session, prompts.say("glossary.which"))


def _more(session: Session, _text: str, ground: Ground) -> Turn:
    """More money: the details may raise the limit; where none are left to ask, what may is told."""
    turn = commands.more(session, "", ground.at)
    began = turn.session.stage is Stage.DETAILING and session.stage is not Stage.DETAILING
    return turn if began else ask_again(session, prompts.say("about.more"))


def _cross(session: Session, text: str, ground: Ground) -> Turn:
    """Somebody is cross: told kindly, differently each time, and in time a person is offered."""
    times = PATIENCE if ground.words.insult(text) else session.vexed + 1
    if times < PATIENCE:
        return ask_again(replace(session, vexed=times), prompts.say(f"vexed.{times}"))
    calmed = replace(session, vexed=0, person=session.person or "frustrated")
    return ask_again(calmed, prompts.say("vexed.person", prompts.PERSON))


def _trust(session: Session, _text: str, _ground: Ground) -> Turn:
    """Whether this is a fraud: what a fraud would ask for and we never do, and who lends."""
    return ask_again(session, prompts.say("about.trust", prompts.PERSON, lender=Label("lender.name")))


def _remark(key: str) -> "Answering":
    def answer(session: Session, _text: str, _ground: Ground) -> Turn:
        return ask_again(session, prompts.say(key))

    return answer


Answering = Callable[[Session, str, Ground], Turn]
_REPLIES: Mapping[str, Answering] = {
    "trust": _trust,
    Intent.CORRECT: _command("/edit"),
    Intent.WHY: _command("/why"),
    Intent.RATE: _about("rate"),
    Intent.TIME: _about("time"),
    Intent.PRIVACY: _about("privacy"),
    Intent.DOCUMENTS: _about("documents"),
    Intent.EARLY: _about("early"),
    Intent.LATE: _about("late"),
    Intent.SKIP: _left_out,
    Intent.UNKNOWN: _left_out,
    Intent.BACK: _command("/back"),
    Intent.CANCEL: _command("/cancel"),
    Intent.RESTART: _command("/restart"),
    Intent.HUMAN: _command("/human"),
    Intent.LANGUAGE: _language,
    Intent.SMALL_TALK: _remark("small_talk"),
    Intent.THANKS: _remark("thanks"),
    Intent.FRUSTRATION: _cross,
    Intent.GLOSSARY: _glossary,
    Intent.MORE: _more,
    Intent.STATUS: _status,
}
