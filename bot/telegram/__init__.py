"""The Telegram channel: python-telegram-bot carries the bytes, everything that decides is our own.

`channel.Telegram` is what the composition root builds; no other package imports `telegram`.
"""

import sys
from types import ModuleType

# python-telegram-bot imports httpx, and with it rich, pygments and click, even where, as here, another
# transport carries the bytes: an eighth of a start. Given an empty class of that name, it does without.
_unused = ModuleType("telegram.request._httpxrequest")
_unused.HTTPXRequest = type("HTTPXRequest", (), {})  # type: ignore[attr-defined]  # a module is open
sys.modules.setdefault(_unused.__name__, _unused)
