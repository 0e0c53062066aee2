"""The texts themselves: complete, alike in every language, all of them used, none that promises too much."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

from conversations import conditions
from conversations.amounts import plain
from conversations.asides import BOUNDED
from conversations.commands import PUBLIC
from conversations.locales import derive
from conversations.phrases import LANGUAGES, sentences
from conversations.prompts import choices
from conversations.replies import Yuan
from conversations.requests import RecordConsent
from conversations.session import Stage
from conversations.speaker import RATES
from conversations.steps import (
    BLACK_PURPOSES,
    BLOCKS,
    CLOSING,
    CORE,
    COUNTED,
    DETAILS,
    STEPS,
    WHITE_PURPOSES,
    Band,
    Choice,
    Figure,
    Handle,
    members,
)
from scoring import policy
from scoring.application import Application
from scoring.decision import Outcome
from scoring.levers import LEVERS
from scoring.limits import CAPS
from scoring.reasons import CODES
from scoring.social.standing import SUBSCORES
from scoring.social.table import TABLE
from scoring.training import bundled
from tests.conversations.talk import PATH, at, flow

ROOT = Path(derive.__file__).parents[2]
FILES = sorted(derive.HERE.glob("*zh-Hans.toml"))
SOURCES = [
    *ROOT.glob("conversations/**/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("bot/templates/**/*.html"),
    *ROOT.glob("bot/static/*.js"),
]  # fmt: skip
NOT_ASKED = {"check", "project_cost", "first_loan", "pre_shock_month"}
ACCOUNTS = ("brand", "personal")
CHECKED = ("X1", "X1b", *(f"X{number}" for number in range(2, 14)))
KEYS = frozenset(sentences("en"))
EVERY = pytest.mark.parametrize("language", LANGUAGES)


def figures(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def family(start: str, *names: str) -> set[str]:
    return {f"{start}.{name}" for name in names}


def of_steps() -> Iterator[str]:
    """The keys that a step asks for by its id."""
    for step in DETAILS:
        yield from (choice.key for choice in choices(step))
        if step.id == step.block:
            yield f"ask.{step.id}"
            yield f"gain.{step.id}"
    for step in (*CORE, *CLOSING):
        single = len(members(step.block)) == 1
        yield f"ask.{step.id}" if single or step.id == step.block else f"ask.only.{step.id}"
        if not single or step.id == "offer":
            yield f"ask.only.{step.id}"
        yield from (choice.key for choice in choices(step) if not choice.id.startswith("take:"))
        if isinstance(step.reads, Figure) and step.skip:
            yield f"skipped.{step.block}"


def composed() -> set[str]:
    """Every key that code puts together from parts."""
    topics = flow().words.questions.keys() - {"why", "counts"}
    capped = ("R01.caps", "R03.caps", "R06.caps", "R13.caps", "R16.caps")
    told_apart = (*capped, "R03.declines", "R04.declines", "R16.refers")
    because = ("payments", *CAPS)
    return set().union(
        of_steps(),
        family("step", *(each.name for each in fields(Application) if each.name not in NOT_ASKED)),
        family("choice", *WHITE_PURPOSES, *BLACK_PURPOSES, *("agree", "more", "under_18", "other")),
        *(family(f"choice.{what}", *ACCOUNTS) for what in ("connect", "skip", "withdraw")),
        family("consent", "application", *ACCOUNTS),
        family("skipped", *ACCOUNTS),
        family("capacity", *COUNTED),
        family("why", *BLOCKS, *(step.id for step in STEPS.values() if step.id == step.block)),
        family("recap", *Stage),
        family("stage", *Stage),
        family("about", *topics, "documents", "more"),
        family("glossary", "which", *flow().words.terms),
        family("counts", *BOUNDED),
        family("vexed", "1", "2", "person") | family("unclear", "1", "2", "waiting"),
        family("details.begin", "more", "check", "missing", "asked"),
        family("again", "1", "2"),
        {choice.key for choice in RATES},
        family("cannot_read", "sticker", "photo", "voice", "video", "document", "location", "other"),
        family("account", "connect_refused", "connect_unavailable"),
        family("decision", "approved", "referred", "declined"),
        family("decision.against", *Outcome),
        family("ruled", "approved", "declined"),
        family("condition", *conditions.CODES),
        family("language", *LANGUAGES),
        family("reason", *CODES, *told_apart),
        family("lowers", *figures_of_shared_reasons()),
        family("declines", "cash", "repayments"),
        family("improve", "pair", *(lever.code for lever in LEVERS)),
        family("check", *CHECKED, *(f"{check}.warn" for check in CHECKED)),
        family("check", *(f"{check}.fail" for check in CHECKED if check != "X13")),  # at most a hint
        family("because", *because),
        family("redecided", "more", "less", "same", "unchanged", *Outcome),
        family("person", "trade", "purpose", "check", "risk", "size", "price"),
        family("source", *ACCOUNTS, "lpr"),
        family("product", *(product.code for product in policy.load().products)),
        family("telegram.command", *PUBLIC),
        family("feature", *(line.feature.name for line in TABLE)),
        family("subscore", *SUBSCORES),
        family("because", "suspects", "silence", "leap"),
        family("guard", "transfer", "secret", "promise", "pressure", "hurry"),
        family("guard.personal", *("identity", "card", "phone", "mail", "messenger", "handle", "others")),
        family("guard.figure", *("principal", "instalment", "total", "fee", "rate", "expires", "due")),
        family("guard.figure", *("term", "free", "wholly_free", "paying")),
        {"guard.personal.asks_identity"},
    )


def figures_of_shared_reasons() -> set[str]:
    """Figures whose reason stands for other figures of the bundled table as well."""
    lowers = {feature.name: codes[0] for feature, codes in bundled.features()}
    shared = {code for code, times in Counter(lowers.values()).items() if times > 1}
    return {name for name, code in lowers.items() if code in shared}


def written() -> set[str]:
    """Every string in the sources that is the key of a text."""
    return set(re.findall(r"[\"'`]([a-z_0-9]+(?:\.[a-z_A-Z0-9]+)*)[\"'`]", sources())) & KEYS


def sources() -> str:
    return "\n".join(file.read_text("utf-8") for file in SOURCES)


def spoken() -> set[str]:
    """Keys named in full in the conversation's own code, whether or not there is such a text."""
    starts = "|".join(sorted({key.partition(".")[0] for key in KEYS} - {"weibo"}))
    found = set()
    for file in ROOT.glob("conversations/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(rf"^(?:{starts})(?:\.[a-z_0-9]+)*\.[a-z_0-9]*[a-z0-9]$", node.value))
    return found


@EVERY
def test_every_language_has_the_same_texts(language: str) -> None:
    assert set(sentences(language)) == KEYS


@EVERY
def test_every_text_names_the_same_figures_in_every_language(language: str) -> None:
    for key, text in sentences(language).items():
        assert figures(text) == figures(sentences("en")[key]), key


@EVERY
def test_no_text_is_empty_or_padded(language: str) -> None:
    bare = {key for key, text in sentences(language).items() if not text or text != text.strip()}
    assert bare <= {"list.separator", "clause.separator"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_area_has_the_same_texts_in_its_three_files(file: Path) -> None:
    names = [file.name.replace("zh-Hans", language) for language in LANGUAGES]
    keys = [set(tomllib.loads(file.with_name(name).read_text("utf-8"))) for name in names]
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_traditional_texts_are_what_the_simplified_ones_give(file: Path) -> None:
    traditional = file.with_name(file.name.replace("zh-Hans", "zh-Hant")).read_text("utf-8")
    assert traditional == derive.derived(file.read_text("utf-8"))


def test_no_area_says_a_text_of_another_anew() -> None:
    keys = [key for file in FILES for key in tomllib.loads(file.read_text("utf-8"))]
    assert len(keys) == len(set(keys))


def test_deriving_writes_every_traditional_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.zh-Hans.toml").write_text(
        '"a" = "简体\\n\\"{b}\\""\n"language.zh-Hans" = "简体中文"\n', "utf-8"
    )
    monkeypatch.setattr(derive, "HERE", tmp_path)
    derive.main()
    assert tomllib.loads((tmp_path / "x.zh-Hant.toml").read_text("utf-8")) == {
        "a": '簡體\n"{b}"',
        "language.zh-Hans": "简体中文",
    }


def test_every_text_that_is_asked_for_exists() -> None:
    assert composed() - KEYS == set()
    assert spoken() - KEYS == set()


def test_every_text_is_asked_for() -> None:
    unused = KEYS - composed() - written()
    assert {key for key in unused if not key.startswith(("canned.", *begun()))} == set()


def begun() -> tuple[str, ...]:
    """The beginnings that pages and the desk put keys together from, as in `"web.error." ~ code`."""
    found = re.findall(r"[\"'`]((?:web|weibo|desk)\.(?:[a-z_0-9]+\.)*)(?:[\"'`]\s*~|\{)", sources())
    assert not {"web.", "desk."} & set(found)
    return tuple(found)


def test_every_consent_is_recorded_with_a_text_that_exists() -> None:
    talk = at("consent")
    talk.taps("agree")
    talk = at("brand_account")
    talk.says("@小夏雲味小館")
    keys = {request.key for request in talk.requests if isinstance(request, RecordConsent)}
    assert keys
    assert keys <= KEYS


@pytest.mark.parametrize("step", STEPS)
def test_every_choice_fits_a_callback(step: str) -> None:
    for choice in choices(STEPS[step]):
        assert choice.id.isascii()
        assert len(choice.id) <= 24


@pytest.mark.parametrize("place", PATH)
def test_every_choice_that_is_offered_fits_a_callback(place: str) -> None:
    for reply in at(place).replies:
        assert all(choice.id.isascii() and len(choice.id.encode()) <= 24 for choice in reply.choices)


@pytest.mark.parametrize("step", [step.id for step in CORE if not isinstance(step.reads, Handle)])
def test_the_change_of_any_step_fits_a_callback(step: str) -> None:
    assert len(f"/edit {step}") <= 24


PROMISES = (
    "零门槛", "零門檻", "秒批", "最低利率", "必过", "必過", "无风险", "無風險", "陈晓卿", "陳曉卿", "包过",
    "guaranteed", "risk-free", "lowest rate", "instant approval", "100% approved",
)  # fmt: skip
SMALL_RATES = (
    "日息",
    "月息",
    "月费率",
    "日利率",
    "月利率",
    "费率低至",
    "a day's interest",
    "daily rate",
    "monthly rate",
)


@EVERY
@pytest.mark.parametrize("claim", [*PROMISES, *SMALL_RATES])
def test_no_text_promises_what_no_offer_backs(claim: str, language: str) -> None:
    simplified = plain(claim)
    assert [key for key, text in sentences(language).items() if simplified in plain(text[:200])] == []
    assert [key for key, text in sentences(language).items() if claim in text.lower()] == []


ZERO = re.compile(r"(?<![0-9.])0\s*%|0\s*利|interest-free|免息|without interest")
SCOPE = re.compile(r"[0-9]+ ?期|期.?0|全部|instalment|\{(?:free|term|n|next)\}")


@EVERY
def test_zero_interest_never_stands_without_for_how_many_instalments(language: str) -> None:
    bare = [key for key, text in sentences(language).items() if ZERO.search(text) and not SCOPE.search(text)]
    assert bare == []


@EVERY
@pytest.mark.parametrize("kind", ["rate_zero", "rate_mixed", "rate_plain"])
def test_the_first_line_of_an_offer_is_its_annual_rate(kind: str, language: str) -> None:
    start = {"en": "Annual rate", "zh-Hans": "年化利率", "zh-Hant": "年化利率"}[language]
    text = sentences(language)[f"offer.{kind}"]
    assert text.startswith(start)
    assert "%" not in text[: text.index("{apr}")]


def test_the_caps_that_texts_quote_are_the_policys() -> None:
    terms = flow().terms
    rules = policy.load().rules
    assert terms["small_cap"] == Yuan(rules.small_cap)
    assert terms["product_cap"] == Yuan(20_000_000)
    assert rules.brand_only_cap.enabled  # or the texts on the personal account would be wrong


@pytest.mark.parametrize(
    "step", [step for step in STEPS.values() if isinstance(step.reads, Choice | Band)], ids=str
)
def test_no_two_choices_of_a_step_look_alike(step: object) -> None:
    for language in LANGUAGES:
        labels = [sentences(language)[c.key] for c in choices(step) if not c.id.startswith("take:")]  # type: ignore[arg-type] # parametrized over the table
        assert len(labels) == len(set(labels))
