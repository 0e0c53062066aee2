"""Passwords: which will do, and that hashing them holds up nobody."""

import asyncio

import pytest

from bot.access import passwords
from bot.access.passwords import Passwords
from conversations.gathering import Busy


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "short"),
        ("四个常见的中文词连在一", "short"),
        ("x" * 257, "long"),
        ("password1234", "common"),
        ("PassWord1234", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("121212121212121212", "common"),
        ("Bangbang2026", "named"),
        ("annabel123456", "named"),
        ("annabelannabel", "named"),
    ],
)
def test_what_is_guessed_first_will_not_do(password: str, why: str) -> None:
    assert passwords.fault(password, "Annabel") == why


@pytest.mark.parametrize(
    "password",
    [
        "seven grey herons",
        "四个常见的中文词连在一起吧",
        "onlylowercaseletters",
        "x1" * 20 + "abc",
        "annabel and her 7 cats",
    ],
)
def test_no_rule_asks_for_signs_or_capitals(password: str) -> None:
    assert passwords.fault(password, "Annabel") is None


async def test_at_its_real_cost_a_password_is_hashed_as_owasp_asks_and_compared() -> None:
    real = Passwords()
    kept = await real.hashed("seven grey herons")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await real.matches(kept, "seven grey herons")
    assert not await real.matches(kept, "seven grey heron")
    assert not real.outdated(kept)
    real.close()


async def test_the_loop_goes_on_while_passwords_are_hashed_and_too_many_are_turned_away() -> None:
    """At the real cost: what runs on the loop itself would let it turn a handful of times."""
    real, turns = Passwords(abreast=4), 0
    flood = asyncio.gather(*(real.matches(None, f"try {n}") for n in range(20)), return_exceptions=True)
    while not flood.done():
        turns += 1
        await asyncio.sleep(0)
    answers = await flood

    assert turns > 100
    assert [type(answer) for answer in answers] == [bool] * 4 + [Busy] * 16
    real.close()


class Counted(Passwords):
    """Counts how often a hash was really computed."""

    compared = 0

    def _verified(self, kept: str, password: str) -> bool:
        self.compared += 1
        return super()._verified(kept, password)


@pytest.mark.parametrize("kept", [None, ""])
async def test_nobodys_password_costs_as_much_and_is_never_right(kept: str | None) -> None:
    cheap = Counted(memory=8, times=1)
    cheap.__dict__["_nobodys"] = await cheap.hashed("of nobody")

    assert not await cheap.matches(kept, "of nobody")
    assert cheap.compared == 1
    cheap.close()


async def test_what_is_no_hash_matches_nothing() -> None:
    cheap = Passwords(memory=8, times=1)

    assert not await cheap.matches("some other way of hashing", "some other way of hashing")
    cheap.close()


async def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    cheap = Passwords(memory=8, times=1)

    assert await cheap.matches(await cheap.hashed("Ｃafe\u0301 au lait"), "Caf\u00e9 au lait")
    cheap.close()


async def test_weaker_parameters_are_told_from_todays() -> None:
    weak, cheap = Passwords(memory=8, times=1), Passwords(memory=16, times=1)

    assert cheap.outdated(await weak.hashed("seven grey herons"))
    weak.close()
    cheap.close()
