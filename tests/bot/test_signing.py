"""What is signed or sealed here for one purpose holds for nothing else, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.signing import BadSignature, Signer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
PAYLOADS = ["17", "", "小夏雲味小館|昆明", "🥟 ümlaut\n\x00", "a.b.c", "x" * 5000]

signer = Signer("a secret of the tests, long enough to be one")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_signed_text_is_url_safe_and_opens_to_its_payload(payload: str) -> None:
    signed = signer.sign("link", payload, LATER)

    assert set(signed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert signer.open("link", signed, NOW) == payload


def test_a_text_altered_anywhere_is_refused() -> None:
    signed = signer.sign("link", "小夏 17", LATER)

    for place, letter in enumerate(signed):
        other = "A" if letter != "A" else "B"
        with pytest.raises(BadSignature, match="altered"):
            signer.open("link", signed[:place] + other + signed[place + 1 :], NOW)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "...", "a.b.c", "1.MTc", "饺子.饺子.饺子", "\udc80.\ud800", "=" * 9]
)
def test_a_text_that_was_never_signed_is_refused(text: str) -> None:
    with pytest.raises(BadSignature):
        signer.open("link", text, NOW)
    with pytest.raises(BadSignature):
        signer.unseal("token", text.encode("utf-8", "replace").decode())


def test_a_longer_life_cannot_be_written_in() -> None:
    expires, rest = signer.sign("link", "17", LATER).split(".", 1)

    with pytest.raises(BadSignature, match="altered"):
        signer.open("link", f"{int(expires) + 1}.{rest}", NOW)


def test_a_text_is_good_until_it_expires_and_not_after() -> None:
    signed = signer.sign("link", "17", LATER)

    assert signer.open("link", signed, LATER) == "17"
    with pytest.raises(BadSignature, match="expired"):
        signer.open("link", signed, LATER + timedelta(seconds=1))


@pytest.mark.parametrize("other", [("state", signer), ("link", Signer("another secret"))])
def test_another_purpose_or_secret_opens_nothing(other: tuple[str, Signer]) -> None:
    purpose, stranger = other

    with pytest.raises(BadSignature):
        stranger.open(purpose, signer.sign("link", "17", LATER), NOW)
    with pytest.raises(BadSignature):
        stranger.unseal(purpose, signer.seal("link", "token"))
    assert not stranger.tagged(purpose, "take:BBD12", signer.tag("link", "take:BBD12"))


@pytest.mark.parametrize("payload", [*PAYLOADS, "\udc80\ud800"])
def test_a_tag_fits_its_payload_only(payload: str) -> None:
    tag = signer.tag("button", payload)

    assert len(tag) == 6
    assert signer.tagged("button", payload, tag)
    assert not signer.tagged("button", payload + " ", tag)
    assert not signer.tagged("button", payload, tag[:-1] + ("A" if tag[-1] != "A" else "B"))


@pytest.mark.parametrize("tag", ["", "A", "饺子", "\ud800", "A" * 6, "A" * 500])
def test_a_guessed_or_shortened_tag_is_refused(tag: str) -> None:
    assert not signer.tagged("button", "take:BBD12", tag)
    assert not signer.tagged("button", "take:BBD12", signer.tag("button", "take:BBD12")[:5])


def test_two_payloads_that_differ_in_a_broken_character_have_different_tags() -> None:
    assert signer.tag("button", "\udcc3\udca9") != signer.tag("button", "é")


@pytest.mark.parametrize("text", ["2.00abc", "", "令牌🥟"])
def test_a_sealed_text_is_unreadable_and_comes_back(text: str) -> None:
    sealed = signer.seal("token", text)

    assert not text or text not in sealed
    assert signer.unseal("token", sealed) == text
    assert signer.seal("token", text) != sealed


def test_a_damaged_seal_is_refused() -> None:
    sealed = signer.seal("token", "2.00abc")

    with pytest.raises(BadSignature, match="unsealed"):
        signer.unseal("token", sealed[:-8] + "AAAAAAA=")
