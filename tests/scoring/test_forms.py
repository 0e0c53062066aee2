"""A fingerprint tells what a file says, not how it is laid out."""

from scoring.forms import canonical_toml, packaged

WORDS = packaged("remarks.toml")


def test_the_fingerprint_is_blind_to_comments() -> None:
    assert canonical_toml(b"# other words\n" + WORDS) == canonical_toml(WORDS)
    assert canonical_toml(WORDS.replace("沙发".encode(), "沙发椅".encode())) != canonical_toml(WORDS)
