"""Journeys: conversations as data, each run through the real turn loop over every channel.

A step says what the merchant does (`arrived`, `said`, `tapped`, `connected`, `refused`, `placed`), that time
passes with the product up (`waited`), that it starts anew on what it left (`restarted`), that another device
is taken in hand (`took`: "web", "telegram", "web 2"), the conversation brought there by a link (`moved`) or
that link opened once more (`followed`), and what must follow: `replied` (the keys of every reply, in order),
`reads` (words in them), `waiting`, `remembered`, `outcome`, `limit` (yuan). A story without `since` begins
now; one with `begins` begins where the story of that name in `beginnings` ends. Words may be given for both
Chinese and English, `{zh: ..., en: ...}`: such a story is told in three languages. The channel takes turns
where it is told once more; `at` names the only ones where a story can happen.
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
STORIES = {file: yaml.safe_load(file.read_text("utf-8")) for file in FILES}
ALONE = {
    "connected",
    "placed",
    "refused",
    "waited",
    "restarted",
}  #: acts that others on the same product would notice


CHECKED = {"replied", "reads", "waiting", "remembered", "limit", "outcome"}  #: what a step may expect


def _named(file: Path) -> str:
    return str(file.relative_to(FOLDER).with_suffix(""))


def steps(file: Path) -> list[dict[str, Any]]:
    """Everything that happens in a story, its beginning included."""
    told = STORIES[file]
    before = told.get("begins")
    earlier = yaml.safe_load((BEGINNINGS / f"{before}.yaml").read_text("utf-8"))["steps"] if before else []
    return [{"arrived": True}, *earlier, *told["steps"]]


def _tellings() -> list[tuple[Path, str, str]]:
    """Every story on every channel, and once in each other language that it has words for."""
    found: list[tuple[Path, str, str]] = []
    for number, file in enumerate(FILES):
        own, places = STORIES[file].get("language", "zh-Hans"), STORIES[file].get("at", CHANNELS)
        found += [(file, channel, own) for channel in places]
        others = [] if own == "en" else ["zh-Hant"] if "language" not in STORIES[file] else []
        others += ["en"] if own != "en" and _speaks_english(file) else []
        found += [(file, places[(number + n) % len(places)], each) for n, each in enumerate(others)]
    return found


def _speaks_english(file: Path) -> bool:
    said = [step["said"] for step in steps(file) if "said" in step]
    return any(isinstance(each, dict) for each in said) and not any(
        isinstance(each, str) and re.search(r"[\u3400-\u9fff]", each) for each in said
    )


def spoken(words: Any, language: str) -> Any:
    """Words, or whatever holds words, in the language of the telling."""
    if isinstance(words, dict) and set(words) == {"zh", "en"}:
        return spoken(words["en" if language == "en" else "zh"], language)
    if isinstance(words, dict):
        return {name: spoken(each, language) for name, each in words.items()}
    if isinstance(words, list):
        return [spoken(each, language) for each in words]
    return derive.traditional(words) if isinstance(words, str) and language == "zh-Hant" else words


@pytest.mark.parametrize("file", FILES, ids=_named)
def test_a_story_holds_only_what_is_done_and_checked(file: Path) -> None:
    """A comma in words without quotation marks would make a key of their second half."""
    assert {name for step in steps(file) for name in step} <= {*ACTS, *CHECKED}


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
    told, since = steps(file), STORIES[file].get("since")
    alone = since is not None or any(not ALONE.isdisjoint(step) for step in told)
    to = journey(channel, language, tmp_path, since) if alone else shared.visit(channel, language)
    async with asyncio.timeout(60), to as on_the_way:
        for number, step in enumerate(spoken(told, language)):
            replies = await on_the_way.act(step)
            _check(step, replies, on_the_way.session, f"{_named(file)} step {number}: {step}")
        await _check_delivered(on_the_way)


def _check(step: dict[str, Any], replies: list[Message], session: Session, where: str) -> None:
    if "replied" in step:
        assert [reply.key for reply in replies] == step["replied"], where
    for words in step.get("reads", []):
        assert any(words in reply.text for reply in replies), (where, words, [r.text for r in replies])
    if "waiting" in step:
        assert session.waiting == step["waiting"], where
    for name, value in step.get("remembered", {}).items():
        assert session.value(name) == value, (where, name)
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
