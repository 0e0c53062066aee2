"""The second step, held against RFC 6238's own numbers."""

from datetime import UTC, datetime

import pytest

from bot.access import pictures, recovery, totp
from bot.signing import Signer

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  #: the RFC's "12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_the_ones_of_the_rfc(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert totp.step_of(SECRET, code, at) == seconds // 30
    assert totp.step_of(SECRET, f" {code[:3]} {code[3:]}\n", at) == seconds // 30


@pytest.mark.parametrize("code", ["", "28708", "2870821", "２８７０８２", "28708O", "-28708", "287082\x00"])
def test_what_is_not_six_digits_is_no_code(code: str) -> None:
    assert totp.step_of(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_a_secret_is_long_and_never_the_same() -> None:
    made = {totp.new_secret() for _ in range(50)}

    assert len(made) == 50
    assert {len(secret) for secret in made} == {32}  # 160 bits in base32


def test_the_picture_holds_the_address_that_apps_read() -> None:
    address = totp.address(SECRET, "小李 & co")

    assert address.startswith("otpauth://totp/Bangbang:")
    assert f"secret={SECRET}" in address
    assert set(pictures.qr(address).path) <= set("Mhvz-0123456789 ")


def test_recovery_codes_are_ten_and_worth_nothing_without_our_key_or_for_another() -> None:
    codes = recovery.new()
    letters = recovery.plain(codes[0])
    assert letters is not None
    kept = recovery.hashed(Signer("one secret"), "ann", letters)

    assert len(set(codes)) == 10
    assert letters not in kept
    assert kept != recovery.hashed(Signer("another"), "ann", letters)
    assert kept != recovery.hashed(Signer("one secret"), "bob", letters)
