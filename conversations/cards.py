"""Cards as text and as data: the decision with its reasons, the offer with its annual rate first."""

from collections.abc import Mapping
from typing import Any

from conversations.phrases import phrase, sentences
from conversations.replies import Clause, Label, Percent, Value, Yuan
from conversations.standing import standing_data, standing_lines
from scoring.decision import Check, Decision, Improvement, Offer, Reason, offer_json, to_json
from scoring.months import Month

_AGAINST = ("declines", "refers", "caps", "lowers")
_FOR = ("raises",)
_TOKENS = {"missing": "step", "purpose": "choice", "why": "person", "source": "source"}


def reason_text(reason: Reason, language: str) -> str:
    """The sentence of a reason: of the figure behind it, of what it does, or of the reason at large."""
    keys = (f"{reason.effect}.{reason.values.get('figure')}", f"reason.{reason.code}.{reason.effect}")
    known = next((key for key in keys if key in sentences(language)), f"reason.{reason.code}")
    return phrase(known, language, **_typed(reason.values))


def improvement_text(better: Improvement, language: str) -> str:
    """What would change the limit, and to how much."""
    what = _step_text(better.code, better.values, language)
    if better.also:
        second = _step_text(better.also.code, better.also.values, language)
        what = phrase("improve.pair", language, first=what, second=second)
    return phrase("improve", language, what=what, limit_fen=Yuan(better.limit_after))


def _step_text(code: str, values: Mapping[str, str | int | float], language: str) -> str:
    return phrase(f"improve.{code}", language, **_typed(values))


def check_text(check: Check, language: str) -> str | None:
    """The kind words of a check that found a difference, None for one that did not."""
    key = f"check.{check.id}.{check.verdict}"
    return phrase(key, language) if key in sentences(language) else None


def decision_data(decision: Decision, language: str) -> dict[str, Any]:
    """The public shape of a decision with its sentences in a language."""
    data = to_json(decision)
    for shown, reason in zip(data["reasons"], decision.reasons, strict=True):
        shown["text"] = reason_text(reason, language)
    for shown, better in zip(data["improve"], decision.improve, strict=True):
        shown["text"] = improvement_text(better, language)
    data["standing"] = standing_data(decision.facts, language)
    for shown, check in zip(data["checks"], decision.checks, strict=True):
        shown["name"] = phrase(f"check.{check.id}", language)
        if text := check_text(check, language):
            shown["text"] = text
    return data


def _typed(values: Mapping[str, str | int | float]) -> dict[str, Value]:
    """Figures by their names: *_fen is money, tokens are labels, "until" is a month."""
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: str | float) -> Value:
    if name.endswith("_fen"):
        return Yuan(int(value))
    if name == "until":
        return Month.read(str(value))
    prefix = _TOKENS.get(name)
    return Label(f"{prefix}.{value}") if prefix else value


def decision_lines(decision: Decision, language: str) -> list[str]:
    """Limit and grade, reasons each way, how the account stands, figures to check, what would change it."""
    lines = []
    if decision.outcome == "approved":
        lines.append(phrase("decision.limit", language, limit=Yuan(decision.limit)))
    if decision.grade and decision.score:
        lines.append(phrase("decision.grade", language, grade=decision.grade, score=decision.score))
    for heading, effects in ((f"decision.against.{decision.outcome}", _AGAINST), ("decision.for", _FOR)):
        texts = [reason_text(reason, language) for reason in decision.reasons if reason.effect in effects]
        lines += _listed(heading, texts, language)
    lines += standing_lines(decision.facts, language)
    doubts = [text for check in decision.checks if (text := check_text(check, language))]
    lines += _listed("decision.checks", doubts, language)
    texts = [improvement_text(better, language) for better in decision.improve]
    return lines + _listed("decision.improve", texts, language)


def _listed(heading: str, texts: list[str], language: str) -> list[str]:
    return [phrase(heading, language), *(f"· {text}" for text in texts)] if texts else []


def offer_lines(offer: Offer, language: str) -> list[str]:
    """The annual rate first, then every instalment, the total, and what happens otherwise."""
    first, last = offer.instalments[0], offer.instalments[-1]
    lines = [
        phrase(_rate_key(offer), language, **_rates(offer)),
        phrase("offer.principal", language, amount=Yuan(offer.principal), product=_name(offer, language)),
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
    late = Clause("offer.late", {"rate": Percent(offer.rate)}) if offer.rate else Label("offer.late_zero")
    lines.append(phrase("offer.small_print", language, first=first.due, last=last.due, late=late))
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


def _name(offer: Offer, language: str) -> str:
    """The product's name; a lender's own product without one goes by its code."""
    key = f"product.{offer.product}"
    return phrase(key, language) if key in sentences(language) else offer.product


def offer_data(offer: Offer, language: str) -> dict[str, Any]:
    """The public shape of an offer with the names people see."""
    named = {"name": _name(offer, language), "lender": phrase("lender.name", language)}
    return {**offer_json(offer), "total": offer.total, **named}
