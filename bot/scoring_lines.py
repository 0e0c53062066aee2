"""`bangbang score`: a file of applications through the same decision as the chat."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot import settings
from bot.languages import Language
from conversations.cards import decision_data
from scoring import lines, policy, registry


def score(file: str, language: Language) -> None:
    """Write one decision, or one error, for every line of the file.

    Raises:
        OSError: the file cannot be read.
        ValueError: a settings, product, policy or model file is wrong.
    """
    given = settings.read()
    rules = policy.load(given.products_file, given.policy_file)
    model = registry.model(given.model_file)
    with _opened(file) as source:
        shown = partial(decision_data, language=language.value)
        for result in lines.score_lines(source, model=model, policy=rules, shown=shown):
            sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")


@contextmanager
def _opened(file: str) -> Iterator[Iterator[str]]:
    if file == "-":
        yield (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        return
    with Path(file).open("rb") as source:
        yield (line.decode("utf-8", "replace") for line in source)
