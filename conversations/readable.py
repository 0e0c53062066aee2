"""Answers as people read them: figures, months and options as values that any language can show."""

from collections.abc import Sequence

from conversations.replies import CalendarMonths, Label, Labels, Percent, Value, Yuan
from conversations.session import Given, Session
from conversations.steps import Band, Calendar, Choice, Figure, Seasons, Step
from scoring.months import Month


def answer(session: Session, step: Step) -> Value:
    """An answer as people read it."""
    return value(step, session.value(step.id))


def value(step: Step, given: Given) -> Value:
    """What a step is answered with, or was, or may be."""
    if given is None:
        return Label("value.not_given")
    if isinstance(given, list):
        return _list(step, given)
    return _figure(step, given)


def _list(step: Step, value: Sequence[str | int]) -> Value:
    if isinstance(step.reads, Seasons):
        return CalendarMonths(tuple(int(month) for month in value))
    return Labels(tuple(f"choice.{item}" for item in value))


def _figure(step: Step, value: str | int | float | bool) -> Value:
    match step.reads:
        case Choice() | Band():
            return Label(f"choice.{value}")
        case Seasons():
            return Percent(float(value))
        case Figure(among=terms) if terms:
            return Label(f"choice.{value}")
        case Figure(kinds=("money",)):
            return Yuan(int(value))
        case Calendar():
            return Month.read(str(value))
        case _:
            return value
