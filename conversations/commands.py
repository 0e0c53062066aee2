"""Commands: words that begin with "/", typed or tapped, understood at any time in every channel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from conversations import details, duty, outcomes, prompts, readable, turning_back
from conversations.accounts import let_go, step_of
from conversations.asking import ask_again, assess, go_on, where_it_stands
from conversations.replies import Choice, Kind, Label, Reply, Row
from conversations.requests import Erase, KeepRating
from conversations.session import Session, Stage, Turn
from conversations.steps import STEPS, answered
from conversations.validity import lapsed

OTHER = "other"  #: the conversation that a device held before the one it moved to
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PUBLIC = (
    "start", "help", "status", "edit", "why", "human", "restart", "language", "mydata", "withdraw", "delete",
    "stop", "device",
)  # fmt: skip


def run(session: Session, text: str, at: datetime) -> Turn:
    """Carry a command out; an unknown one is answered with the list of those there are."""
    argument = text.removeprefix("/").strip().partition(" ")[2]
    command = _COMMANDS.get(name(text))
    return command(session, argument.strip(), at) if command else help_(session, "", at)


def name(text: str) -> str:
    """Which command the words call.

    >>> name("/Delete@BangbangBot yes")
    'delete'
    """
    return text.removeprefix("/").strip().partition(" ")[0].partition("@")[0].lower()


def start(session: Session, _argument: str, _at: datetime) -> Turn:
    if not session.answers:
        return go_on(replace(session, stage=Stage.APPLYING)).preceded_by(prompts.say("hello"))
    if session.waiting is None:
        return Turn(session, (where_it_stands(session),))
    return ask_again(session, recap(session))


def recap(session: Session) -> Reply:
    """One line on where the conversation stood."""
    known = len([step for step in answered(session) if step.block == step.id])
    return prompts.say(f"recap.{session.stage}", answered=known)


def help_(session: Session, _argument: str, _at: datetime) -> Turn:
    return ask_again(session, prompts.say("help", prompts.PERSON))


def status(session: Session, _argument: str, _at: datetime) -> Turn:
    return Turn(session, (recap(session),)) if session.waiting is None else ask_again(session, recap(session))


def edit(session: Session, argument: str, _at: datetime) -> Turn:
    """Ask one answered step again, or show which there are."""
    if session.stage is Stage.ACCEPTED:
        return Turn(session, (prompts.say("edit.accepted", prompts.PERSON),))
    steps = {step.id: step for step in answered(session)}
    if argument in steps:
        stage = Stage.APPLYING if session.stage is Stage.ASSESSING else session.stage
        opened = replace(session, stage=stage, waiting=argument, doubt=None, again=(), clarifying=None)
        current = Reply(
            Kind.SAY,
            "edit.now",
            {"what": Label(f"step.{argument}"), "value": readable.answer(session, steps[argument])},
        )
        return Turn(opened, (current, prompts.ask(opened, argument)))
    if not steps:
        return ask_again(session, prompts.say("edit.nothing"))
    choices = tuple(Choice(f"/edit {step}", f"step.{step}") for step in steps)
    return Turn(session, (prompts.say("edit.which", *choices),))


def why(session: Session, _argument: str, _at: datetime) -> Turn:
    """Why the open question is asked, or why the decision fell as it did."""
    decided = session.stage in (Stage.OFFERED, Stage.REFERRED, Stage.DECLINED, Stage.ACCEPTED)
    if session.decision and decided and session.waiting in (None, "offer"):
        card = outcomes.decision(session)[:1]
        return Turn(session, card) if session.waiting is None else ask_again(session, *card)
    if session.waiting is None:
        return Turn(session, (where_it_stands(session),))
    return ask_again(session, prompts.say(f"why.{STEPS[session.waiting].block}"))


def human(session: Session, _argument: str, _at: datetime) -> Turn:
    """A person is asked for: kept until one has looked; the bot goes on meanwhile."""
    if session.stage is Stage.DECLINED:
        person = "proposal" if session.proposal else "reconsider"
        return ask_again(replace(session, person=person), prompts.say("human.reconsider"))
    asked = replace(session, person=session.person or "asked")
    return ask_again(asked, prompts.say("human.noted"))


def message(session: Session, argument: str, _at: datetime) -> Turn:
    return duty.message(session, argument)


def restart(session: Session, argument: str, _at: datetime) -> Turn:
    return turning_back.restart(session, sure=argument == "yes")


def back(session: Session, _argument: str, at: datetime) -> Turn:
    """The question before, or where there is none any answer to choose from."""
    return turning_back.back(session) or edit(session, "", at)


def cancel(session: Session, _argument: str, _at: datetime) -> Turn:
    return turning_back.cancel(session)


def resume(session: Session, _argument: str, _at: datetime) -> Turn:
    return turning_back.resume(session)


def repeat(session: Session, _argument: str, _at: datetime) -> Turn:
    """The open question once more, with its buttons."""
    return ask_again(session)


def bye(session: Session, _argument: str, _at: datetime) -> Turn:
    """A goodbye is answered, and asks nothing."""
    return Turn(session, (prompts.say("goodbye"),))


def language(session: Session, argument: str, _at: datetime) -> Turn:
    wanted = next((known for known in LANGUAGES if known.lower() == argument.lower()), None)
    if wanted is None:
        choices = tuple(Choice(f"/language {known}", f"language.{known}") for known in LANGUAGES)
        return Turn(session, (prompts.say("language.which", *choices),))
    return ask_again(replace(session, language=wanted), prompts.say("language.changed"))


def mydata(session: Session, _argument: str, _at: datetime) -> Turn:
    """Everything the merchant told us, and the accounts we may read."""
    rows = tuple(
        Row(step.id, f"step.{step.id}", readable.answer(session, step)) for step in answered(session)
    )
    told = (Row("condition", "condition.told", each.answer) for each in session.conditions if each.answer)
    rows = (*rows, *told)
    choices = (Choice("/withdraw", "choice.withdraw"), Choice("/delete", "choice.delete"))
    card = Reply(
        Kind.SAY, "mydata.card" if rows else "mydata.nothing", {}, choices if rows else (), rows=rows
    )
    return Turn(session, (card,)) if session.waiting is None else ask_again(session, card)


def withdraw(session: Session, argument: str, _at: datetime) -> Turn:
    """Take back the consent for one account: what was read is erased and the rest decided anew."""
    if argument not in session.accounts:
        held = tuple(
            Choice(f"/withdraw {account}", f"choice.withdraw.{account}") for account in session.accounts
        )
        everything = Choice("/delete", "choice.delete")
        return Turn(
            session, (prompts.say("withdraw.which" if held else "withdraw.nothing", *held, everything),)
        )
    freed, withdrawn = let_go(session, argument)
    answers = dict(session.answers)
    if (step := step_of(argument)) in answers:
        answers[step] = replace(answers[step], value=None, said="/withdraw")
    after = replace(freed, answers=answers)
    said = prompts.say("withdraw.done", what=Label(f"step.{step}"))
    if session.stage in (*details.STAGES.values(), Stage.ASSESSING, Stage.DETAILING):
        return Turn(after, (said,), withdrawn).followed_by(assess(after))
    if session.stage is Stage.CLOSED:
        after = replace(after, decision=None)  # offers made from the account do not come back
    return ask_again(after, said).requesting(*withdrawn)


def delete(session: Session, argument: str, _at: datetime) -> Turn:
    if argument != "yes":
        choices = (Choice("/delete yes", "choice.delete_yes"), Choice("/status", "choice.keep_going"))
        key = "delete.accepted" if session.stage is Stage.ACCEPTED else "delete.sure"
        return Turn(session, (prompts.say(key, *choices),))
    return erased(session, "delete.done")


def erased(session: Session, farewell: str) -> Turn:
    """Nothing is left but the conversation's own number and its language."""
    fresh = Session(
        session.id, language=session.language, stage=Stage.CLOSED, seen=session.seen, epoch=session.epoch,
        version=session.version,
    )  # fmt: skip
    return Turn(fresh, (prompts.say(farewell, Choice("/restart", "choice.restart")),), (Erase(),))


def stop(session: Session, _argument: str, _at: datetime) -> Turn:
    return ask_again(replace(session, reminders=False), prompts.say("stop.done"))


def rate(session: Session, argument: str, _at: datetime) -> Turn:
    """What a colleague's help was worth to the merchant, who was asked."""
    if session.helped_by is None or argument not in {"1", "2", "3", "4", "5"}:
        return ask_again(session)
    thanks = ask_again(session, prompts.say("colleague.rated"))
    return thanks.requesting(KeepRating(int(argument), session.helped_by))


def device(session: Session, argument: str, _at: datetime) -> Turn:
    """Where a link to another device is got; whether this one held another conversation the shell knows."""
    if argument == OTHER:
        return ask_again(session, prompts.say("device.no_other"))
    return ask_again(session, prompts.say("device.where", prompts.ELSEWHERE))


def goes_back(words: str) -> bool:
    """Whether the words ask for the conversation that this device held before.

    >>> goes_back("/device other"), goes_back("/device")
    (True, False)
    """
    return words.startswith("/") and name(words) == "device" and words.partition(" ")[2].strip() == OTHER


def offers(session: Session, _argument: str, at: datetime) -> Turn:
    """Show the offers again while they stand, or decide anew; while details are asked: that is enough."""
    if session.stage is Stage.DETAILING:
        return details.enough(session)
    made = session.decision
    if made is None or not made.offers or session.stage not in (Stage.OFFERED, Stage.CLOSED):
        return ask_again(session)
    if lapsed(session, at):
        return assess(session).preceded_by(prompts.say("offer.expired"))
    shown = replace(session, stage=Stage.OFFERED, chosen=None, acknowledged=False)
    return go_on(shown).preceded_by(*outcomes.decision(shown)[1:])


def more(session: Session, _argument: str, _at: datetime) -> Turn:
    """Go on with details that may raise the limit; before there is one, say when they come."""
    early = session.decision is None or session.stage in (Stage.APPLYING, Stage.ASSESSING)
    return ask_again(session, prompts.say("details.later")) if early else details.begin(session)


Command = Callable[[Session, str, datetime], Turn]
_COMMANDS: dict[str, Command] = {
    "start": start, "help": help_, "status": status, "edit": edit, "why": why, "human": human,
    "restart": restart, "language": language, "mydata": mydata, "withdraw": withdraw, "delete": delete,
    "stop": stop, "offers": offers, "details": more, "back": back, "cancel": cancel, "continue": resume,
    "repeat": repeat, "message": message, "rate": rate, "bye": bye, "device": device,
}  # fmt: skip
