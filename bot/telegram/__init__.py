"""The Telegram channel: python-telegram-bot carries the bytes, everything that decides is our own.

`channel.Telegram` is what the composition root builds; no other package imports `telegram`.
"""

import sys

# python-telegram-bot imports httpx even where, as here, another transport carries the bytes; httpx imports
# its command line, and that rich, pygments and click: a tenth of a start. Told that there is none, it does
# without.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # so import is told
