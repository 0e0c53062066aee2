"""The page of figures for supervisors: over a chosen period, as plots with their tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from aiohttp import web

from bot import figures
from bot.desk import plots, report
from bot.desk.plots import Bar
from bot.desk.questions import Question, questions
from bot.desk.report import Approved, Report
from bot.desk.shell import Shell
from conversations import phrases
from conversations.store import Store
from conversations.store import staff as accounts
from conversations.store.desk import counts
from conversations.store.desk import questions as journals
from conversations.store.desk.counts import Span
from scoring import money
from scoring.calendar import CHINA, day
from scoring.evaluation.drawing import Picture

PERIODS = (1, 7, 30, 90)  #: days, ending today
USUAL = 30
LONGEST = 366


@dataclass(frozen=True)
class Plot:
    """A picture with the words for it, and the same figures as a table."""

    name: str  #: `desk.plot.<name>`
    picture: Picture
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Period:
    """Whole days as merchants count them, both ends included."""

    first: date
    last: date

    def span(self) -> Span:
        begins, ends = (
            datetime.combine(each, time(), CHINA).astimezone(UTC)
            for each in (self.first, self.last + timedelta(days=1))
        )
        return Span(begins, ends)


@dataclass(frozen=True)
class Numbers:
    store: Store
    clock: Callable[[], datetime]
    shell: Shell

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/numbers", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        today = day(self.clock())
        period, language = chosen(request.query, today), self.shell.language(request)
        counted, names = await self.store.read(lambda c: (counts.count(c, period.span()), accounts.names(c)))
        made, asked = report.report(counted), await asked_in(self.store, period, self.clock())
        return self.shell.page(
            request,
            "desk/numbers.html",
            here="numbers",
            period=period,
            presets=[(days, Period(today - timedelta(days=days - 1), today)) for days in PERIODS],
            report=made,
            names=names,
            questions=asked,
            plots=drawn(made, language, period),
            lasts=partial(lasts, language=language),
            told={code: _reason(code, language) for code, _ in made.reasons},
        )


async def asked_in(store: Store, period: Period, now: datetime) -> tuple[Question, ...]:
    """Question by question, the conversations begun in the period."""
    told = await store.read(lambda c: journals.conversations(c, period.span()))
    return questions(told, now)


def chosen(query: Mapping[str, str], today: date) -> Period:
    """The period asked for, within reason; the last thirty days where none is."""
    last = _date(query.get("to"), today)
    first = _date(query.get("from"), last - timedelta(days=USUAL - 1))
    return Period(max(min(first, last), last - timedelta(days=LONGEST)), last)


def _date(text: str | None, usual: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return usual
    return found if 2000 <= found.year <= 2200 else usual


def lasts(seconds: float, language: str) -> str:
    """A length of time as people read it.

    >>> lasts(45, "en"), lasts(150, "en"), lasts(7200, "en")
    ('45 s', '2.5 min', '2 h')
    """
    for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        if seconds >= size or size == 1:
            figure = f"{seconds / size:.1f}".removesuffix(".0")
            return phrases.phrase(f"desk.lasts.{unit}", language, figure=figure)
    raise AssertionError("unreachable")


def drawn(made: Report, language: str, period: Period) -> list[Plot]:
    """Every picture of the page that has something to show."""
    tell, limited = partial(_phrase, language), [one for one in made.trades if one.limit]
    found = [
        _lying("funnel", [_share(tell(f"desk.funnel.{step}"), one) for step, one in made.funnel], made.begun),
        _standing("replies", [Bar(_up_to(most, tell), n, str(n)) for most, n in made.replies]),
        _standing("days", _days(made, period)),
        _lying("why", [Bar(tell(f"desk.why.{why}"), n, str(n)) for why, n in made.why.items()]),
        _lying("how", [Bar(tell(f"desk.how.{how}"), n, str(n)) for how, n in made.how.items()]),
        _lying("decided", [Bar(tell(f"desk.outcome.{name}"), n, str(n)) for name, n in made.decided.items()]),
        _lying("grades", [_approval(one, one.name) for one in made.grades], 1),
        _lying("grade_limits", [_limit(one, one.name) for one in made.grades if one.limit]),
        _lying("trades", [_approval(one, _choice(one.name, language)) for one in made.trades], 1),
        _lying("trade_limits", [_limit(one, _choice(one.name, language)) for one in limited]),
        _lying("reasons", [Bar(code, n, str(n)) for code, n in made.reasons]),
        _standing("ratings", [Bar("★" * score, n, str(n)) for score, n in made.ratings]),
    ]
    return [plot for plot in found if plot is not None]


def _lying(name: str, bars: Sequence[Bar], most: float | None = None) -> Plot | None:
    return _plot(name, bars, lambda: plots.lying(bars, most))


def _standing(name: str, bars: Sequence[Bar]) -> Plot | None:
    return _plot(name, bars, lambda: plots.standing(bars))


def _plot(name: str, bars: Sequence[Bar], draw: Callable[[], Picture]) -> Plot | None:
    if not any(bar.value for bar in bars):
        return None
    return Plot(name, draw(), tuple((bar.name, bar.shown) for bar in bars))


def _share(name: str, share: report.Share) -> Bar:
    return Bar(name, share.part, f"{share.part} ({figures.percent(round(share.fraction, 3))})")


def _approval(one: Approved, name: str) -> Bar:
    share = one.approved
    return Bar(name, share.fraction, f"{figures.percent(round(share.fraction, 3))} / {share.whole}")


def _limit(one: Approved, name: str) -> Bar:
    return Bar(name, one.limit or 0, f"¥{money.grouped(one.limit or 0, False)}", "series-1")


def _days(made: Report, period: Period) -> list[Bar]:
    found = dict(made.days)
    days = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    return [Bar(f"{each:%m-%d}", found.get(each, 0), str(found.get(each, 0))) for each in days]


def _up_to(most: int | None, tell: Callable[..., str]) -> str:
    if most is None:
        return tell("desk.replies.more", minutes=report.WITHIN[-1])
    return tell("desk.replies.within", minutes=most)


def _reason(code: str, language: str) -> str:
    """What a reason says of anybody; some sentences have figures, and stand here without."""
    sentence = phrases.sentences(language).get(f"reason.{code}", code)
    return phrases.phrase(f"desk.reason.{code}", language) if "{" in sentence else sentence


def _choice(name: str, language: str) -> str:
    key = f"choice.{name}"
    return phrases.phrase(key, language) if key in phrases.sentences(language) else name


def _phrase(language: str, key: str, /, **values: int) -> str:
    return phrases.phrase(key, language, **values)
