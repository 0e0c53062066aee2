"""The merchant's side in a terminal: what a line means, what is shown, and when."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import terminal
from bot.terminal import HERE, JsonScreen, PlainScreen, Terminal
from conversations.events import Arrived
from tests.commands import CORE, SUBMIT, typed
from tests.running import Product, authorise, running


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    async with running(tmp_path) as opened:
        yield opened


async def lines(*given: str) -> AsyncIterator[str]:
    for line in given:
        yield line


async def shown(product: Product, *given: str, language: str | None = "en") -> list[dict[str, Any]]:
    """What `--json` writes for these lines."""
    written: list[str] = []
    await Terminal(product.parts.turns, JsonScreen(written.append), product.clock, language).run(
        lines(*given)
    )
    return [json.loads(line) for line in written]


async def read(product: Product, *given: str, prompt: bool = False) -> str:
    """What people see for these lines."""
    written: list[str] = []
    screen = PlainScreen(written.append, prompt=prompt)
    await Terminal(product.parts.turns, screen, product.clock, "en").run(lines(*given))
    return "".join(written)


async def test_people_see_the_quick_replies_under_the_text(product: Product) -> None:
    seen = await read(product, "{")

    assert "\n  [I agree and am 18 or older]\n  [Tell me more]\n" in seen
    assert seen.endswith("! 1: should hold one JSON object\n")
    assert "\n> " not in seen


async def test_a_prompt_is_for_a_screen_that_somebody_types_at(product: Product) -> None:
    assert (await read(product, prompt=True)).endswith("\n> ")


async def test_a_label_typed_is_a_tap(product: Product) -> None:
    seen = await shown(product, "I agree and am 18 or older", '{"text": "Owner"}')

    assert [line["step"] for line in seen if line["kind"] == "waiting"] == ["consent", "role", "trade"]


async def test_a_blank_line_is_nothing(product: Product) -> None:
    seen = await shown(product, "", "   ")

    assert [line.get("key") for line in seen] == ["hello", "ask.consent", None]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "{}",
        '{"text": 17}',
        '{"text": null}',
        '{"choice": ["agree"]}',
        '{"tap": "agree"}',
        '{"text": "' + "x" * 4097 + '"}',
        "x" * 4097,
        '{"a": ' + "[" * 100_000,
    ],
)
async def test_a_line_that_is_no_message_is_refused_and_changes_nothing(product: Product, line: str) -> None:
    seen = await shown(product, "", line, '{"choice": "agree"}')

    wrong = [(place, told) for place, told in enumerate(seen) if "error" in told]
    assert [(place, set(told), told["line"]) for place, told in wrong] == [(3, {"error", "line"}, 2)]
    assert seen[-1] == {"kind": "waiting", "step": "role"}


async def test_the_next_start_goes_on_with_a_recap_in_the_same_language(product: Product) -> None:
    begun = await shown(product, typed(CORE[0][0]), typed(CORE[1][0]))

    resumed = await shown(product, language=None)

    assert begun[-1] == resumed[-1] == {"kind": "waiting", "step": "trade"}
    assert [line.get("key") for line in resumed] == ["recap.applying", "ask.trade", None]
    assert resumed[0]["text"].isascii()


async def test_another_language_asked_for_at_the_next_start_is_spoken(product: Product) -> None:
    await shown(product, '{"choice": "agree"}', language="zh-Hans")

    assert (await shown(product, language="en"))[0]["key"] == "language.changed"


async def test_what_happens_meanwhile_is_shown_while_the_input_is_quiet(product: Product) -> None:
    answers = [typed(line).strip() for line, _ in CORE[:5]]
    seen: list[dict[str, Any]] = []

    async def connects() -> AsyncIterator[str]:
        for line in answers:
            yield line
        link = seen[-2]["choices"][0]["url"]
        assert await authorise(link, "xiaoxia") == 200
        await until(lambda: seen[-1] == {"kind": "waiting", "step": "personal_account"})

    screen = JsonScreen(lambda line: seen.append(json.loads(line)))
    await Terminal(product.parts.turns, screen, product.clock).run(connects())

    assert "account.connected" in [line.get("key") for line in seen]


async def test_work_that_lasts_does_not_hold_the_chat_for_ever(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "WORK_LASTS", 0.0)
    answers = [typed(line).strip() for line, _ in CORE]

    seen = await shown(product, *answers, typed(SUBMIT).strip())

    assert seen[-1]["kind"] == "waiting"


@pytest.mark.parametrize(("opened", "first"), [(timedelta(0), 1), (timedelta(hours=1), 3)])
async def test_what_was_said_since_the_terminal_was_opened_is_news(
    product: Product, opened: timedelta, first: int
) -> None:
    """A decision that a killed process left to this one may be there before the first line is read."""
    since = product.clock() + opened
    await product.parts.turns.handle(HERE, "work left over", Arrived(product.clock()), language="en")
    seen: list[dict[str, Any]] = []
    screen = JsonScreen(lambda line: seen.append(json.loads(line)))

    await Terminal(product.parts.turns, screen, product.clock, "en", since).run(lines())

    assert [line["id"] for line in seen[:-1]] == list(range(first, 5))


async def until(done: Callable[[], bool]) -> None:
    for _ in range(2000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def test_standard_input_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "typed").write_bytes("同意\r\n\n".encode() + b"\xff last")
    with (tmp_path / "typed").open() as source:
        monkeypatch.setattr("sys.stdin", source)

        assert [line async for line in terminal.typed()] == ["同意", "", "\ufffd last"]


async def test_a_closed_standard_input_is_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)

    assert [line async for line in terminal.typed()] == []
