"""Stores conversations at many stages as this release does: `python -m tests.conversations.samples NAME`."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from conversations.session import dump
from tests.conversations.talk import Talk, accepted, after, assessing, at, declined, detailing, referred

HERE = Path(__file__).parent
ASKED = ("consent", "city", "brand_account", "rent", "check", "offer", "acknowledge")


def _then(talk: Talk, *words: str) -> Talk:
    for each in words:
        talk.says(each)
    return talk


STAGES: Mapping[str, Callable[[], Talk]] = {
    **{f"asked_{step}": lambda step=step: at(step) for step in ASKED},  # type: ignore[misc]  # bound now
    "doubting_rent": lambda: _then(at("rent"), "大概3万"),
    "in_english_without_reminders": lambda: _then(at("rent"), "/language en", "/stop"),
    "detailing_purchases": lambda: detailing("purchases"),
    "changed_after_the_offer": lambda: _then(at("offer"), "/edit rent", "2万"),
    "closed": lambda: _then(at("offer"), "不贷了"),
    "assessing": assessing,
    "accepted": accepted,
    "declined": lambda: after(declined()),
    "referred": lambda: after(referred()),
}


def main(name: str) -> None:
    folder = HERE / name
    folder.mkdir()
    for stage, reach in STAGES.items():
        text = json.dumps(json.loads(dump(reach().session)), ensure_ascii=False, indent=1)
        folder.joinpath(f"{stage}.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
