"""Writes every Traditional Chinese file from its Simplified one: `python -m conversations.locales.derive`."""

import tomllib
from functools import cache
from pathlib import Path

import opencc

HERE = Path(__file__).parent


def derived(simplified: str) -> str:
    """The Traditional file's text; keys and {figures} stay as they are."""
    lines = ["# Derived from the Simplified file by OpenCC (s2tw); edit that one, then `make locales`.", ""]
    for key, text in tomllib.loads(simplified).items():
        own = text if key.startswith("language.zh") else _own_name(traditional(text))
        lines.append(f'"{key}" = "{_escaped(own)}"')
    return "\n".join(lines) + "\n"


def traditional(simplified: str) -> str:
    """The words as they are written in Taiwan.

    >>> traditional("房租改成一万六")
    '房租改成一萬六'
    """
    return str(_converter().convert(simplified))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


def _own_name(text: str) -> str:
    """Where the derived text must name its own language."""
    return text.replace("用簡體中文", "用繁體中文").replace("籤之前", "簽之前")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def main() -> None:
    for source in HERE.glob("*zh-Hans.toml"):
        target = source.with_name(source.name.replace("zh-Hans", "zh-Hant"))
        target.write_text(derived(source.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
