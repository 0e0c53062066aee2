"""Cards as text and as data: the decision with its reasons, the offer with its annual rate first."""

from collections.abc import Mapping
from typing import Any

from conversations.phrases import phrase
from conversations.replies import Label, Percent, Value, Yuan
from scoring.decision import Decision, Improvement, Offer, offer_json, to_json

_AGAINST = ("declines", "refers", "caps", "lowers")
_FOR = ("raises",)


def reason_text(code: str, values: Mapping[str, str | int | float], language: str) -> str:
    """The sentence of a reason or an improvement; `values` named *_fen are money, *_share are fractions."""
    return phrase(f"reason.{code}", language, **{name: _typed(name, value) for name, value in values.items()})


def decision_data(decision: Decision, language: str) -> dict[str, Any]:
    """The public shape of a decision with its sentences in a language."""
    return to_json(decision, lambda code, values: reason_text(code, values, language))


def _typed(name: str, value: str | float) -> Value:
    if name.endswith("_fen") and not isinstance(value, str):
        return Yuan(int(value))
    if name.endswith("_share") and not isinstance(value, str):
        return Percent(float(value))
    return value


def decision_lines(decision: Decision, language: str) -> list[str]:
    """Limit and grade, then the reasons each way, then what would change it."""
    lines = []
    if decision.outcome == "approved":
        lines.append(phrase("decision.limit", language, limit=Yuan(decision.limit)))
    if decision.grade and decision.score:
        lines.append(phrase("decision.grade", language, grade=decision.grade, score=decision.score))
    for heading, effects in (("decision.against", _AGAINST), ("decision.for", _FOR)):
        texts = [reason_text(r.code, r.values, language) for r in decision.reasons if r.effect in effects]
        lines += [phrase(heading, language), *(f"· {text}" for text in texts)] if texts else []
    if decision.improve:
        better = [_improvement(each, language) for each in decision.improve]
        lines += [phrase("decision.improve", language), *(f"· {text}" for text in better)]
    return lines


def _improvement(better: Improvement, language: str) -> str:
    return reason_text(better.code, {**better.values, "limit_fen": better.limit_after}, language)


def offer_lines(offer: Offer, language: str) -> list[str]:
    """The annual rate first, then every instalment, the total, and what happens otherwise."""
    first, last = offer.instalments[0], offer.instalments[-1]
    lines = [
        phrase(_rate_key(offer), language, **_rates(offer)),
        phrase("offer.principal", language, amount=Yuan(offer.principal), product=_name(offer)),
    ]
    lines += [
        phrase("offer.instalment", language, n=each.n, due=each.due, amount=Yuan(each.total))
        for each in offer.instalments
    ]
    total = {"total": Yuan(offer.total), "interest": Yuan(offer.total_interest), "fee": Yuan(offer.fee)}
    lines.append(phrase("offer.total", language, **total))
    if 0 < offer.interest_free < offer.term:
        after: dict[str, Value] = {"n": offer.interest_free + 1, "rate": Percent(offer.rate)}
        lines.append(phrase("offer.after_free", language, **after))
    lines.append(phrase("offer.small_print", language, first=first.due, last=last.due))
    lines.append(phrase("offer.lender", language, lender=Label("lender.name")))
    lines.append(phrase("offer.expires", language, expires=offer.expires))
    return lines


def _rate_key(offer: Offer) -> str:
    if offer.total_interest == 0:
        return "offer.rate_zero"
    return "offer.rate_mixed" if offer.interest_free else "offer.rate_plain"


def _rates(offer: Offer) -> dict[str, Value]:
    return {
        "apr": Percent(offer.apr),
        "compound": Percent(offer.apr_compound),
        "rate": Percent(offer.rate),
        "free": offer.interest_free,
        "next": offer.interest_free + 1,
        "term": offer.term,
    }


def _name(offer: Offer) -> Label:
    return Label(f"product.{offer.product}")


def offer_data(offer: Offer, language: str) -> dict[str, Any]:
    """The public shape of an offer with the names people see."""
    named = {"name": phrase(f"product.{offer.product}", language), "lender": phrase("lender.name", language)}
    return {**offer_json(offer), "total": offer.total, **named}
