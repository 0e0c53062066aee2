"""Why a decision fell as it did: every rule that bound, then the largest true contributions each way.

Codes and figures only; sentences live with the languages. Nothing is listed that was not used.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from scoring.cases import Case, Verdict
from scoring.decision import Outcome, Reason
from scoring.limits import Limit
from scoring.money import round_fen
from scoring.scorecard import Scorecard
from scoring.verdicts import FAIL, WARN

EACH_WAY = 4
Values = Mapping[str, str | int | float]

#: Every code that can occur, in a few words for the developer.
CODES = {
    "R01": "disposable cash does not cover the instalment",
    "R02": "sales differ with the way they are asked for",
    "R03": "existing debt takes much of the cash",
    "R04": "open for a short time",
    "R05": "shop account quiet for a month",
    "R06": "too little consumer feedback, or no shop account",
    "R07": "praise has fallen lately",
    "R08": "less exchange with fans: comments, replies, who comes back",
    "R09": "authenticity of followers or feedback in doubt",
    "R10": "lease ends before the loan or not long after",
    "R11": "amount above what the purpose needs",
    "R12": "qualification not verified",
    "R13": "no personal account: a cap, no points",
    "R14": "small share of positive feedback, or divided opinions",
    "R15": "sales well below those before the shock",
    "R16": "an answer is missing",
    "R17": "the owner must apply",
    "R18": "purpose that is not lent for",
    "R19": "a source did not answer",
    "R20": "a person decides: trade, purpose, check, risk, size",
    "R21": "limit follows monthly sales",
    "R22": "under age",
    "R23": "rent and payroll heavy against sales",
    "R24": "amount large against a month's sales",
    "R25": "little cash against a month's costs",
    "R26": "posts with few pictures, or many links and repeats",
    "R27": "few authentic followers",
    "R28": "few mentions by others",
    "R29": "personal account young or quiet",
    "R30": "shop account young or irregular",
    "R31": "the margin named, or what is in the shop, does not go with the other figures",
    "P01": "cash flow covers the instalment",
    "P02": "figures agree with each other",
    "P03": "good and ample reviews",
    "P04": "account open for long",
    "P05": "recommended by a large account",
    "P06": "open for years",
    "P07": "little debt",
    "P08": "sales hold up",
    "P09": "qualification verified",
    "P10": "lease well beyond the loan",
    "P11": "rent and payroll light",
    "P12": "amount fits sales",
    "P13": "cash for weak weeks",
    "P14": "followers and feedback authentic",
    "P15": "many authentic followers",
    "P16": "posts of own content",
    "P17": "guests talk and return",
    "P18": "praised by others unasked",
    "P19": "personal account open for long",
}

_CAP_REASONS = {
    "afford": "R01",
    "turnover": "R21",
    "debt_room": "R03",
    "project": "R11",
    "core_only": "R16",
    "thin_file": "R06",
    "brand_only": "R13",
}


def explain(case: Case, verdict: Verdict, model: Scorecard) -> tuple[Reason, ...]:
    """All reasons: rules and caps first, then up to four that lower and four that raise, largest first."""
    lowering, raising = _by_points(verdict, model)
    ruled = [*verdict.rules, *_bound(verdict)]
    if not ruled and not lowering and verdict.largest and verdict.largest.binding == "grade":
        ruled = list(_most_to_gain(verdict, model))
    return tuple(_merged(ruled, lowering, raising))


#: what would not be believed beside what: other figures can stand behind two sentences that contradict
#: each other
_OPPOSITES = {
    "P01": {"R01"},
    "P02": {"R02", "R31"},
    "P03": {"R07", "R14"},
    "P04": {"R30"},
    "P07": {"R03"},
    "P11": {"R23"},
    "P14": {"R09"},
    "P16": {"R26"},
    "P17": {"R08"},
}


def _believed(code: str, against: set[str], verdict: Verdict) -> bool:
    """Whether a reason in favour can stand beside those against, and beside what the rules found."""
    best, rules = verdict.largest, verdict.rules
    if code == "P01" and best and best.binding == "afford" and not best.principal:
        return False  # little left can still be more than the neutral bin holds
    if code == "P02" and any(check.verdict in (WARN, FAIL) for check in verdict.checks):
        return False
    against = against | {rule.code for rule in rules}
    return against.isdisjoint(_OPPOSITES.get(code, ()))


def _by_points(verdict: Verdict, model: Scorecard) -> tuple[list[Reason], list[Reason]]:
    """The strongest contributions each way, gathered by code, with the figure that gives most of them."""
    totals: dict[str, float] = {}
    strongest: dict[str, tuple[float, str]] = {}
    rows, values = model.by_name, verdict.features
    for name, points in verdict.scored.contributions.items() if verdict.scored else ():
        if not points or values.get(name) is None:
            continue
        code = rows[name].lowers if points < 0 else rows[name].raises
        if code:
            totals[code] = totals.get(code, 0) + points
            strongest[code] = max(strongest.get(code, (0.0, "")), (abs(points), name))
    ranked = sorted(totals.items(), key=lambda entry: (-abs(entry[1]), entry[0]))
    lowering = [(code, points) for code, points in ranked if points < 0][:EACH_WAY]
    against = {code for code, _ in lowering}
    raising = [(code, points) for code, points in ranked if points > 0 and _believed(code, against, verdict)][
        :EACH_WAY
    ]
    return (
        [_reason(code, "lowers", points, strongest[code][1], verdict) for code, points in lowering],
        [_reason(code, "raises", points, strongest[code][1], verdict) for code, points in raising],
    )


def _reason(code: str, effect: str, points: float, name: str, verdict: Verdict) -> Reason:
    """A reason of points, with the figure that gives most of them."""
    return Reason(code, effect, round(points), {"value": _shown(verdict.features[name]), "figure": name})


def _shown(value: float | None) -> float:
    return round(value or 0.0, 4)


def _bound(verdict: Verdict) -> Iterator[Reason]:
    """The cap that holds the limit below what was asked for, and a product held back by youth."""
    best = verdict.largest
    if best is None or not best.principal or verdict.outcome is Outcome.DECLINED:
        return
    code = _CAP_REASONS.get(best.binding)
    if code:
        yield Reason(code, "caps", 0, {"cap_fen": round_fen(best.caps[best.binding]), **_cash(best, verdict)})


def _cash(best: Limit, verdict: Verdict) -> Values:
    """The disposable cash behind an affordability cap, and the instalment it carries."""
    if best.binding != "afford" or verdict.business is None:
        return {}
    instalment = round_fen(Decimal(best.principal) * best.terms.largest_instalment)
    return {"disposable_fen": round_fen(verdict.business.disposable), "instalment_fen": instalment}


def _most_to_gain(verdict: Verdict, model: Scorecard) -> Iterator[Reason]:
    """Where the grade binds and nothing lowers it: the feature furthest below its best bin."""
    added = verdict.scored.contributions if verdict.scored else {}
    gaps = [
        (max(part.points for part in row.bins) - added[row.name], row.name, row.lowers)
        for row in model.table.features
        if row.lowers and verdict.features.get(row.name) is not None
    ]
    for _, name, code in sorted(gaps, key=lambda gap: -gap[0])[:1]:
        yield _reason(code, "lowers", 0, name, verdict)


def _merged(*groups: Iterable[Reason]) -> Iterator[Reason]:
    """Each thing said once: a rule takes over the points of the feature behind it."""
    kept: dict[tuple[str, str], Reason] = {}
    first: dict[str, tuple[str, str]] = {}
    for reason in chain.from_iterable(groups):
        if reason.code in first and reason.effect in ("lowers", "raises"):
            known = kept[first[reason.code]]
            kept[first[reason.code]] = replace(
                known, points=known.points + reason.points, values={**reason.values, **known.values}
            )
        else:
            key = reason.code, _detail(reason)
            kept.setdefault(key, reason)
            first.setdefault(reason.code, key)
    yield from kept.values()


def _detail(reason: Reason) -> str:
    """What tells two rules of one code apart: the missing answer, the failed source, why a person looks."""
    told_apart = ("missing", "source", "why") if reason.values.get("why") != "check" else ("check",)
    return ":".join(str(reason.values.get(name, "")) for name in told_apart)
