"""Journeys: conversations as data, each run through the real turn loop over every channel.

A step says what the merchant does (`arrived`, `said`, `tapped`, `sent` and `edited` on Telegram,
`connected`, `refused`, `placed`), what a colleague does (`staff`: the desk's act and its fields), that time
passes with the product up (`waited`), that it starts anew on what it left (`restarted`), that another device
is taken in hand (`took`: "web", "telegram", "web 2"), the conversation brought there by a link (`moved`) or
that link opened once more (`followed`), and what must follow: `replied` (the keys of every reply, in order),
`reads` (words in them) and `never` (words in none), `waiting`, `remembered`, `outcome`, `limit` (yuan),
`holder` (who has the word), `wanted` (why a person should look), `unheard` (why what a colleague did changed
nothing).

A story without `since` begins now; one with `begins` begins where that of `beginnings` ends; `channels` names
the only ones where a story can happen; one that says so is told `alone`, on a product of its own. Words may
be given for both Chinese and English, `{zh: ..., en: ...}`: a story that has them for all that is said is
told in three languages, any other in the two scripts, or in its own `language` alone.
"""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from conversations.locales import derive
from conversations.session import Session
from conversations.store import Message
from tests.channels import CHANNELS
from tests.journeying import ACTS, Journey, Place, journey, place

FOLDER = Path(__file__).parent / "journeys"
BEGINNINGS = FOLDER / "beginnings"
FILES = sorted(file for file in FOLDER.rglob("*.yaml") if file.parent != BEGINNINGS)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
STORIES = {file: yaml.safe_load(file.read_text("utf-8")) for file in FILES}
#: acts that others on the same product would notice
ALONE = {"placed", "waited", "restarted"}
HEADS = {"begins", "since", "channels", "language", "alone", "steps"}
#: what a step may expect
CHECKED = {
    "replied", "reads", "never", "waiting", "remembered", "limit", "outcome", "holder", "wanted", "unheard",
}  # fmt: skip


def _named(file: Path) -> str:
    return str(file.relative_to(FOLDER).with_suffix(""))


def spoken(words: Any, language: str) -> Any:
    """Words, or whatever holds words, in the language of the telling."""
    if isinstance(words, dict) and set(words) == {"zh", "en"}:
        return spoken(words["en" if language == "en" else "zh"], language)
    if isinstance(words, dict):
        return {name: spoken(each, language) for name, each in words.items()}
    if isinstance(words, list):
        return [spoken(each, language) for each in words]
    return derive.traditional(words) if isinstance(words, str) and language == "zh-Hant" else words


def steps(file: Path) -> list[dict[str, Any]]:
    """Everything that happens in a story, its beginning included."""
    return [{"arrived": True}, *_earlier(STORIES[file].get("begins")), *STORIES[file]["steps"]]


def _earlier(beginning: str | None) -> list[dict[str, Any]]:
    """The steps of a beginning, and of the one that it begins with itself."""
    if beginning is None:
        return []
    told = yaml.safe_load((BEGINNINGS / f"{beginning}.yaml").read_text("utf-8"))
    return [*_earlier(told.get("begins")), *told["steps"]]


def _tellings() -> list[tuple[Path, str, str]]:
    """Every story on every channel; the languages that it has words for take turns."""
    found: list[tuple[Path, str, str]] = []
    for number, file in enumerate(FILES):
        languages = _languages(file)
        for turn, channel in enumerate(STORIES[file].get("channels", CHANNELS), number):
            found.append((file, channel, languages[turn % len(languages)]))
    return found


def _languages(file: Path) -> list[str]:
    """The languages that a story has words for: its own alone, or both scripts and perhaps English."""
    own = STORIES[file].get("language")
    if own is not None:
        return [own]
    told = [step.get(act) for step in steps(file) for act in ("said", "reads", "never")]
    return (
        ["zh-Hans", "zh-Hant"] if _CHINESE.search(str(spoken(told, "en"))) else ["zh-Hans", "zh-Hant", "en"]
    )


@pytest.mark.parametrize("file", FILES, ids=_named)
def test_a_story_holds_only_what_is_done_and_checked(file: Path) -> None:
    """A comma in words without quotation marks would make a key of their second half."""
    assert {name for step in steps(file) for name in step} <= {*ACTS, *CHECKED}
    assert STORIES[file].keys() <= HEADS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """One product for all stories that leave alone its clock and the accounts on Weibo."""
    async with place(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("file", "channel", "language"),
    [pytest.param(*each, id=f"{_named(each[0])}-{each[1]}-{each[2]}") for each in _tellings()],
)
async def test_journey(file: Path, channel: str, language: str, tmp_path: Path, shared: Place) -> None:
    story, told = STORIES[file], steps(file)
    since = story.get("since")
    alone = story.get("alone") or since is not None or any(not ALONE.isdisjoint(step) for step in told)
    to = journey(channel, language, tmp_path, since) if alone else shared.visit(channel, language)
    async with asyncio.timeout(60), to as on_the_way:
        before: list[str] = []
        for number, step in enumerate(spoken(told, language)):
            replies = await on_the_way.act(step)
            where = f"{_named(file)} step {number}: {step}"
            _check(step, replies, on_the_way, where)
            texts = [reply.text for reply in replies if reply.sender == "bot"]
            assert "said" not in step or not texts or texts != before, (where, "the same words again", texts)
            before = texts or before
        await _check_delivered(on_the_way)


def _check(step: dict[str, Any], replies: list[Message], on: Journey, where: str) -> None:
    session, texts = on.session, [reply.text for reply in replies]
    _check_words(step, texts, where)
    if "replied" in step:
        assert [reply.key for reply in replies] == step["replied"], (where, texts)
    if "waiting" in step:
        assert session.waiting == step["waiting"], where
    for name, value in step.get("remembered", {}).items():
        assert session.value(name) == value, (where, name, session.value(name))
    _check_decision(step, session, where)
    _check_desk(step, on, where)


def _check_words(step: dict[str, Any], texts: list[str], where: str) -> None:
    for words in step.get("reads", []):
        assert any(words in text for text in texts), (where, words, texts)
    for words in step.get("never", []):
        assert not any(words in text for text in texts), (where, words, texts)


def _check_desk(step: dict[str, Any], on: Journey, where: str) -> None:
    if "holder" in step:
        assert (on.session.holder_name or on.session.holder) == step["holder"], where
    if "wanted" in step:
        assert on.session.person == step["wanted"], where
    if "unheard" in step:
        assert on.refused is not None, where
        assert on.refused.key == step["unheard"], where


def _check_decision(step: dict[str, Any], session: Session, where: str) -> None:
    if "limit" in step:
        assert session.decision is not None, where
        assert session.decision.limit == step["limit"] * 100, (where, session.decision.binding)
    if "outcome" in step:
        assert session.decision is not None, where
        assert session.decision.outcome == step["outcome"], (where, session.decision.reasons)


async def _check_delivered(on_the_way: Journey) -> None:
    """What the journal holds is what reached the merchant, in the same order."""
    said = [_plain(message.text) for message in on_the_way.due]
    arrived = [_plain(each) for each in await on_the_way.user.delivered()]
    if on_the_way.shows_several:  # the device shows another conversation in between
        left = iter(arrived)
        assert all(any(expected in seen for seen in left) for expected in said)
        return
    # an erased journal is shorter than what was seen
    for expected, seen in zip(said, arrived[-len(said) :], strict=True):
        assert expected in seen


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"</?[a-z]+>", "", text)).strip()
