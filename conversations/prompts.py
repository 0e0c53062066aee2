"""What the bot asks and shows: replies for a session, by key. Changes nothing."""

from collections.abc import Mapping
from math import ceil
from zlib import crc32

from conversations import clarifying, readable
from conversations.replies import (
    Choice,
    Clause,
    Clauses,
    Kind,
    Label,
    Labels,
    Progress,
    Reply,
    Row,
    Value,
    Yuan,
)
from conversations.session import Condition, Given, Session, Stage
from conversations.steps import (
    BLOCKS,
    DETAIL_BLOCKS,
    STEPS,
    Band,
    Calendar,
    Figure,
    Handle,
    Many,
    Reads,
    Step,
    answered,
    asked,
    details_of,
    members,
    open_details,
    open_steps,
)
from conversations.steps import Choice as Options
from scoring.decision import Offer

UNKNOWN = Choice("skip", "choice.unknown")
PERSON = Choice("/human", "choice.human")
OFFERS = Choice("/offers", "choice.offers")
EDIT = Choice("/edit", "choice.edit")
ENOUGH = Choice("/offers", "choice.enough")
MORE = Choice("/details", "choice.details")
MESSAGE = Choice("/message", "choice.message")
RESUME = Choice("/continue", "choice.continue")
RECONSIDER = Choice("/human", "choice.reconsider")
OTHER = Choice("/device other", "choice.device_other")
ELSEWHERE = Choice("device", "choice.device", link="device")


def say(key: str, *choices: Choice, **values: Value) -> Reply:
    return Reply(Kind.SAY, key, values, choices)


def moved_here(left: int) -> Reply:
    """That the conversation goes on on this device too; the one it had before can be gone back to."""
    return say("device.moved_from", OTHER, answered=left) if left else say("device.moved")


def ask(session: Session, step: str) -> Reply:
    """The question of a step, with its quick replies."""
    if session.clarifying:
        return _clarify(session, session.clarifying)
    if step == "check":
        return summary(session)
    if step in _CLOSING:
        return _CLOSING[step](session)
    now = asked(session, step)
    if STEPS[step].block in DETAIL_BLOCKS:
        return _detail(session, step, now)
    key = (
        f"ask.{step}" if step == STEPS[step].block and len(now) == len(members(step)) else f"ask.only.{step}"
    )
    if len(members(STEPS[step].block)) == 1:
        key = f"ask.{step}"
    reads = STEPS[step].reads
    values: dict[str, Value] = (
        {"consent": Label(f"consent.{reads.account}")} if isinstance(reads, Handle) else {}
    )
    return Reply(Kind.ASK, key, values, choices(STEPS[step]), step, progress=progress(session, step))


def _clarify(session: Session, check: str) -> Reply:
    """Which of the figures that do not fit together is to be changed, if any; nobody is accused."""
    steps = [STEPS[step] for step in clarifying.compared(session, check)]
    figures = tuple(
        Clause("noted.one", {"what": Label(f"step.{step.id}"), "value": readable.answer(session, step)})
        for step in steps
    )
    changes = tuple(
        Choice(f"/edit {step.id}", "choice.change", {"what": Label(f"step.{step.id}")}) for step in steps
    )
    return Reply(
        Kind.ASK,
        "ask.clarify",
        {"check": Label(f"check.{check}.fail"), "figures": Clauses(figures)},
        (Choice("all_right", "choice.all_right"), *changes),
        session.waiting,
    )


def _detail(session: Session, step: str, now: tuple[Step, ...]) -> Reply:
    """The question of a detail, or what of it is still open."""
    whole = len(now) == len(members(STEPS[step].block))
    values: dict[str, Value] = {}
    if not whole:
        values = {"what": Labels(tuple(f"step.{each.id}" for each in now))}
    elif step == "capacity":
        values = {"what": Label(f"capacity.{session.value('trade')}")}
    if whole:
        values = {**values, "gain": Label(f"gain.{step}")}
    return Reply(
        Kind.ASK,
        f"ask.{step}" if whole else "ask.rest",
        values,
        (*choices(STEPS[step]), ENOUGH),
        step,
        progress=progress(session, step),
    )


def choices(step: Step) -> tuple[Choice, ...]:
    """The quick replies of a step."""
    reads = step.reads
    if isinstance(reads, Options | Many | Band):
        options = tuple(Choice(option, f"choice.{option}") for option in reads.options)
        return (*options, UNKNOWN) if step.skip else options
    if isinstance(reads, Handle):
        connect = Choice("connect", f"choice.connect.{reads.account}", link=f"weibo/{reads.account}")
        return (connect, Choice("skip", f"choice.skip.{reads.account}"))
    if isinstance(reads, Figure) and reads.among:
        return tuple(Choice(str(term), f"choice.{term}") for term in reads.among)
    return (*_nothing(reads), *((UNKNOWN,) if step.skip else ()))


def _nothing(reads: Reads) -> tuple[Choice, ...]:
    if isinstance(reads, Figure) and reads.least == 0:
        return (Choice("none", "choice.nothing"),)
    return (Choice("none", "choice.no_lease"),) if reads == Calendar(ahead=True) else ()


def offered(session: Session, step: str) -> tuple[str, ...]:
    """The ids that may be tapped, or named by number, at this step; commands work at any step."""
    ids = tuple(choice.id for choice in ask(session, step).choices if not choice.id.startswith("/"))
    reads = STEPS[step].reads
    proving = isinstance(reads, Handle) and reads.account in session.accounts
    return (*ids, "check_again", "unproven") if proving else ids


def progress(session: Session, step: str) -> Progress | None:
    """Which prompt this is, of how many, and the minutes a person still needs."""
    block = STEPS[step].block
    blocks = {Stage.APPLYING: BLOCKS, Stage.DETAILING: details_of(session)}.get(session.stage, ())
    if block not in blocks:
        return None
    seconds = sum(STEPS[each].seconds for each in blocks if open_steps(session, each))
    return Progress(blocks.index(block) + 1, len(blocks), max(1, ceil(seconds / 60)))


def summary(session: Session) -> Reply:
    """The card with every answer, each of which can be changed."""
    steps = [step for step in answered(session) if step.id != "licence_number"]
    rows = tuple(Row(step.id, f"step.{step.id}", readable.answer(session, step)) for step in steps)
    changes = tuple(
        Choice(f"/edit {step.id}", "choice.change", {"what": Label(f"step.{step.id}")}) for step in steps
    )
    return Reply(
        Kind.SUMMARY,
        "ask.check",
        {},
        (Choice("submit", "choice.submit"), *changes),
        "check",
        rows,
        progress(session, "check"),
    )


def read_back(session: Session, values: Mapping[str, Given]) -> Reply:
    """Say what was understood and ask for a yes."""
    rows = tuple(
        Row(step, f"step.{step}", readable.value(STEPS[step], value)) for step, value in values.items()
    )
    yes, no = yes_or_no(values)
    return Reply(
        Kind.ASK,
        session.doubted,
        {},
        (Choice(yes, "choice.yes"), Choice(no, "choice.no")),
        session.waiting,
        rows,
        progress(session, session.waiting or "check"),
    )


def yes_or_no(values: Mapping[str, Given]) -> tuple[str, str]:
    """The choices under these very values, so that an old button confirms no newer ones."""
    mark = f"{crc32(repr(sorted(values.items())).encode()):08x}"
    return f"yes:{mark}", f"no:{mark}"


def ways_on(stage: Stage) -> tuple[Choice, ...]:
    """What a merchant can do where no question is open."""
    restart = Choice("/restart", "choice.restart")
    return {
        Stage.DECLINED: (EDIT, RECONSIDER),
        Stage.REFERRED: (EDIT, PERSON),
        Stage.CLOSED: (RESUME, restart, PERSON),
        Stage.ACCEPTED: (PERSON,),
    }.get(stage, ())


def chosen(session: Session) -> Offer:
    """The offer the merchant is reading or has accepted.

    Raises:
        LookupError: none is chosen.
    """
    offers = session.decision.offers if session.decision else ()
    for offer in offers:
        if offer.product == session.chosen:
            return offer
    raise LookupError(f"no offer {session.chosen}")


def _ask_offer(session: Session) -> Reply:
    by_person = session.decision is not None and session.decision.by_person
    offers = session.decision.offers if session.decision else ()
    takes = tuple(
        Choice(f"take:{offer.product}", "choice.take", {"amount": Yuan(offer.principal), "term": offer.term})
        for offer in offers
    )
    ways_out = (
        Choice("think", "choice.think"),
        Choice("decline", "choice.decline"),
        Choice("/why", "choice.why"),
        *((MORE,) if offers and open_details(session) and not by_person else ()),
    )
    return Reply(
        Kind.ASK, "ask.offer" if len(offers) > 1 else "ask.only.offer", {}, (*takes, *ways_out), "offer"
    )


def asked_for(condition: Condition) -> Value:
    """What a condition asks: in words of ours, or in the colleague's own."""
    return condition.text if condition.code == "own" else Label(f"condition.{condition.code}")


def _ask_condition(session: Session) -> Reply:
    asked = session.unanswered_condition
    what = asked_for(asked) if asked else ""
    return Reply(Kind.ASK, "ask.condition", {"what": what}, (PERSON,), "condition")


def _ask_licence_number(_session: Session) -> Reply:
    return Reply(
        Kind.ASK, "ask.licence_number", {}, (Choice("back", "choice.back"), PERSON), "licence_number"
    )


def _ask_acknowledge(session: Session) -> Reply:
    words = tuple(Choice(option, f"choice.{option}") for option in ("acknowledge", "back", "decline"))
    return Reply(Kind.OFFER, "ask.acknowledge", {}, words, "acknowledge", offer=chosen(session))


def _ask_accept(session: Session) -> Reply:
    offer = chosen(session)
    words = tuple(Choice(option, f"choice.{option}") for option in ("accept", "think", "decline"))
    return Reply(
        Kind.ASK, "ask.accept", {"amount": Yuan(offer.principal), "term": offer.term}, words, "accept"
    )


_CLOSING = {
    "offer": _ask_offer,
    "licence_number": _ask_licence_number,
    "acknowledge": _ask_acknowledge,
    "accept": _ask_accept,
    "condition": _ask_condition,
}
