"""`python -m tests.conversations.guard`: the guard's precision and recall, rule by rule, on both halves.

`--lines` shows the tuning half's errors too; those of the other half stay unseen, or it would serve no more.
"""

import sys

from tests.conversations.guard.measure import HALVES, LANGUAGES, Measured, measure


def report(half: str, language: str, found: Measured) -> str:
    rows = [f"{half} {language}: {found.good} good lines, {len(found.held_back)} held back;"]
    rows[0] += f" {found.bad} bad lines, {len(found.passed)} passed"
    for rule, score in found.rules.items():
        figures = f"precision {score.precision:.3f}  recall {score.recall:.3f}"
        rows.append(f"  {rule:10}  {figures}  ({score.right + score.missed} lines)")
    return "\n".join(rows)


def main(arguments: list[str]) -> None:
    for half in HALVES:
        for language in LANGUAGES:
            found = measure(half, language)
            sys.stdout.write(report(half, language, found) + "\n")
            if half == "tuning" and "--lines" in arguments:
                sys.stdout.writelines(f"  held back: {text}\n" for text in found.held_back)
                sys.stdout.writelines(f"  passed: {text}\n" for text in found.passed)


if __name__ == "__main__":
    main(sys.argv[1:])
