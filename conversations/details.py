"""The detail block: after a first limit, further answers for a larger one, each decided anew at once."""

from collections.abc import Sequence
from dataclasses import replace

from conversations import clarifying, outcomes, prompts
from conversations.asking import ask_again, assess, go_on, where_it_stands
from conversations.session import Session, Stage, Turn
from conversations.steps import DETAIL_BLOCKS, STEPS, members, open_details, open_steps
from scoring.decision import Decision, Outcome
from scoring.policy import Policy

STAGES = {
    Outcome.APPROVED: Stage.OFFERED,
    Outcome.REFERRED: Stage.REFERRED,
    Outcome.DECLINED: Stage.DECLINED,
}


def wanted(session: Session, policy: Policy) -> str | None:
    """Whether to ask on our own, and why, in a word of `begin`."""
    made = session.decision
    if made is None or not _matter(session, made):
        return None
    if any(check.verdict == "fail" for check in made.checks):
        return "check"
    if _lacking(made):
        return "missing"
    amount = session.value("amount")
    more = isinstance(amount, int) and amount > policy.rules.core_only.cap and made.limit < amount
    return "more" if more and made.outcome is not Outcome.REFERRED else None


def _lacking(made: Decision) -> bool:
    """Whether a person would have to look only because costs that were not asked are assumed cautiously."""
    return any(reason.code == "R16" and reason.effect == "refers" for reason in made.reasons)


def _matter(session: Session, made: Decision) -> bool:
    """A decision that never came to a score fell for reasons that no figure changes, nor does a person's."""
    return made.score is not None and not made.by_person and bool(open_details(session))


def begin(session: Session, why: str = "asked") -> Turn:
    """Ask the first one; where there is nothing to ask, the open question stands.

    Args:
        why: "more" than the core answers carry is wanted, a "check" failed, what is "missing" stands in the
            way of any limit, or the merchant "asked" for it.
    """
    made = session.decision
    decided = session.stage in STAGES.values()
    if made is None or not decided or not _matter(session, made):
        return ask_again(session)
    asked = go_on(replace(session, stage=Stage.DETAILING, detailing=True, chosen=None, acknowledged=False))
    return asked.preceded_by(prompts.say(f"details.begin.{why}", prompts.ENOUGH))


def first(session: Session, policy: Policy) -> Turn | None:
    """What is asked before a decision's offers are: figures that do not fit together, then details."""
    if check := clarifying.doubtful(session):
        return _clarify(session, check)
    why = wanted(session, policy) if session.detailing is None else None
    return begin(session, why) if why else None


def _clarify(session: Session, check: str) -> Turn:
    asking = replace(
        session,
        stage=Stage.DETAILING,
        waiting=clarifying.compared(session, check)[0],
        clarified=(*session.clarified, check),
        clarifying=check,
        doubt=None,
        misses=0,
        chosen=None,
        acknowledged=False,
    )
    return ask_again(asking)


def all_right(session: Session, policy: Policy) -> Turn:
    """The figures stay as they are, and a colleague looks at both; what else there is to ask goes on."""
    kept = replace(session, clarifying=None)
    if kept.detailing:
        turn = _next(kept)
    else:
        assert kept.decision is not None  # noqa: S101 -- checks are of a decision
        decided = replace(kept, stage=STAGES[kept.decision.outcome])
        turn = first(decided, policy) or _over(decided)
    return turn.preceded_by(prompts.say("clarified"))


def _over(session: Session) -> Turn:
    turn = go_on(session)
    return turn if turn.replies else Turn(turn.session, (where_it_stands(turn.session),))


def _next(session: Session) -> Turn:
    """Of figures that do not fit together first, then the next detail."""
    check = clarifying.doubtful(session)
    return _clarify(session, check) if check else on(session)


def heard(session: Session, steps: Sequence[str]) -> Turn:
    """After answers: the rest of their prompts first, then a new decision; what is unknown changes none."""
    blocks = {STEPS[step].block for step in steps}
    if session.detailing and any(open_steps(session, block) for block in blocks & set(DETAIL_BLOCKS)):
        return go_on(session)
    if all(session.value(each.id) is None for block in blocks for each in members(block)):
        return on(session)
    return assess(session)


def on(session: Session) -> Turn:
    """The next detail; after the last one the decision in full."""
    return go_on(session) if open_details(session) else enough(session)


def enough(session: Session) -> Turn:
    """No more details: the decision as it stands, with its offers."""
    assert session.decision is not None  # noqa: S101 -- details are asked after a decision only
    over = replace(session, stage=STAGES[session.decision.outcome], detailing=False)
    return go_on(over).preceded_by(*outcomes.decision(over))


def decided(session: Session, before: Decision | None) -> Turn:
    """What the last answer changed, then the next question."""
    made = session.decision
    told = outcomes.difference(session, before) if made and before and made.limit != before.limit else None
    return _next(replace(session, stage=Stage.DETAILING)).preceded_by(*((told,) if told else ()))
