"""Updates that nobody can act on, a hundred kinds and more, between those of merchants who go on.

Each is answered 200, or Telegram would bring it again for a day and hold back the rest of its chat.
"""

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from conversations.tables import DEAD_LETTERS
from tests.faults import market
from tests.faults.evidence import connected
from tests.faults.kills import sends
from tests.faults.market import Market
from tests.faults.outcome import Outcome

KINDS = 100  #: that are promised
LONE = "\ud800"  #: half of a character
NESTED: list[Any] = []
for _ in range(100):
    NESTED = [NESTED]
NO_OBJECT: tuple[Any, ...] = (7, -1.5, True, "x", [], NESTED, LONE)
NO_NUMBER: tuple[Any, ...] = (None, "7", 1.5, True, [], {}, 10**30, NESTED)
NO_TEXT: tuple[Any, ...] = (None, 7, True, [], {}, NESTED)

#: what the first words of a merchant may carry besides, and are understood all the same
ODDITIES: tuple[Mapping[str, Any], ...] = (
    {"date": 10**18}, {"date": -1}, {"date": "soon"}, {"date": None}, {"message_id": 10**30},
    {"text": LONE}, {"text": "你" * 100_000}, {"text": "\x00"}, {"text": "\u202e\u200f"},
    {"entities": NESTED}, {"reply_to_message": NESTED}, {"forward_origin": 7}, {"photo": "x"},
    {"via_bot": []}, {"edit_date": 10**18},
)  # fmt: skip

#: what is no update at all
BODIES: tuple[bytes, ...] = (
    b"", b"{", b"\xff\xfe", b"\x00", b"null", b"7", b'"x"', b"[]", b"true", b"NaN", b"[" * 200_000,
    b'{"a":' * 100_000, b'"' + b"x" * 2**21 + b'"', b"9" * 5000, b'{"update_id": 1e999}',
    b'{"update_id": NaN}',
    b'{"\\ud800": "\\udfff"}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"update_id=7",
)  # fmt: skip


def kinds(chat: int) -> Iterator[bytes]:
    """Every kind once, as if it came in this chat."""
    yield from BODIES
    updates = (*_messages(chat), *_taps(chat), *_memberships(chat), *_others(chat))
    for number, update in enumerate(updates):  # far below the numbers of the merchants' own
        yield json.dumps({"update_id": number} | update).encode()


def _messages(chat: int) -> Iterator[dict[str, Any]]:
    whole = _message(chat)
    for number in NO_NUMBER:
        yield {"update_id": number, "message": whole}
        yield {"message": whole | {"chat": {"id": number, "type": "private"}}}
    for other in NO_OBJECT:
        yield {"message": other}
        yield {"message": whole | {"chat": other}}
        yield {"message": whole | {"from": other}}
    for text in NO_TEXT:
        yield {"message": whole | {"text": text}}
        yield {"edited_message": whole | {"text": text}}
        yield {"message": whole | {"chat": {"id": chat, "type": text}}}
    for lost in ("chat", "from"):
        yield {"message": {key: whole[key] for key in whole if key != lost}}


def _taps(chat: int) -> Iterator[dict[str, Any]]:
    whole = {"id": "1", "from": {"id": chat}, "chat_instance": "x", "message": _message(chat), "data": "x"}
    for data in (*NO_TEXT, LONE, "x" * 100_000, "\x00", "a:b:c:d:e:f"):
        yield {"callback_query": whole | {"data": data}}
    for other in NO_OBJECT:
        yield {"callback_query": whole | {"from": other}}
        yield {"callback_query": whole | {"message": other}}
    for text in NO_TEXT:
        yield {"callback_query": whole | {"id": text}}
    yield {"callback_query": whole | {"message": _message(chat) | {"date": 10**18}}}


def _memberships(chat: int) -> Iterator[dict[str, Any]]:
    whole = {"chat": {"id": chat, "type": "private"}, "old_chat_member": {"status": "member"}}
    for other in NO_OBJECT:
        yield {"my_chat_member": whole | {"new_chat_member": other}}
    for status in NO_TEXT:
        yield {"my_chat_member": whole | {"new_chat_member": {"status": status}}}


def _others(chat: int) -> Iterator[dict[str, Any]]:
    """Kinds that we do not know, and that Telegram may add any day."""
    for kind in ("", LONE, "poll", "shipping_query", "x" * 10_000):
        yield {kind: _message(chat)}
    yield {}
    yield {"padding": "x" * 900_000}


def _message(chat: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": LONE}
    return {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}, "from": person, "text": "x"}


async def run(seed: int, *, chats: int, think: float = 1.0) -> Outcome:
    async with market.opened(seed, "webhook") as world:
        world.poisoned = True
        world.api.oddities.extend(ODDITIES)
        world.pace.think = think
        program = world.program()
        await program.start()
        world.enter(chats)
        await world.api.first_reply.wait()
        answers = await _poured(world)
        await world.everyone_is_done()
        refused = [
            f"{count} kinds are answered {status}" for status, count in answers.items() if status != 200
        ]
        few = [f"{answers.total()} kinds are too few"] if answers.total() < KINDS else []
        letters = _letters(world.url)
        broken = await world.close()
        figures = {"chats": chats, "kinds": answers.total(), "letters": letters, **sends(world)}
        return Outcome("updates that nobody can read", figures, broken + refused + few)


async def _poured(world: Market) -> Counter[int | None]:
    """Each kind into the chat of a merchant who is on the way; how often each answer was given."""
    chats = itertools.cycle(merchant.chat for merchant in world.merchants)
    answers = Counter[int | None]()
    for place, _ in enumerate(kinds(0)):
        body = next(itertools.islice(kinds(next(chats)), place, None))
        answers[await world.api.pusher.push(body)] += 1
    return answers


def _letters(url: str) -> int:
    engine = connected(url)
    with engine.begin() as connection:
        count = connection.execute(select(func.count()).select_from(DEAD_LETTERS)).scalar_one()
    engine.dispose()
    return int(count)
