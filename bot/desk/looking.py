"""What somebody looks at, as an address: a view of the queue, narrowed or not, and perhaps a conversation."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from aiohttp import web

from bot.refusals import Refusal
from conversations import urgency
from conversations.store.desk.queue import Asked, Place, View

ID = re.compile(r"[0-9a-f]{32}")
LABEL = 40  #: characters that are looked at


@dataclass(frozen=True)
class Looking:
    asked: Asked = field(default_factory=Asked)
    chat: str | None = None
    whole: bool = False  #: with its earliest messages
    found: bool = False  #: the list holds what was searched for, and stays as it is

    def at(self, chat: str) -> str:
        """The address of a conversation in this view."""
        return f"/desk/conversations/{chat}{self.query()}"

    def into(self, view: View) -> str:
        """The address of another view."""
        return f"/desk{Looking(Asked(view)).query()}"

    def because(self, why: str) -> str:
        """The address of this view with that reason only; of all of it where that is the case already."""
        return self._narrowed(replace(self.asked, why=None if self.asked.why == why else why))

    def labelled(self, label: str) -> str:
        """The same by a label."""
        return self._narrowed(replace(self.asked, label=None if self.asked.label == label else label))

    def _narrowed(self, asked: Asked) -> str:
        return f"/desk{Looking(replace(asked, after=None)).query()}"

    def following(self, place: Place) -> str:
        return f"/desk{Looking(replace(self.asked, after=place)).query()}"

    def act(self, name: str) -> str:
        """Where what is done to this conversation is sent."""
        return f"/desk/conversations/{self.chat}/{name}{self.query()}"

    @property
    def stream(self) -> str:
        return f"/desk/live{self.query(chat=self.chat)}"

    @property
    def all_of_it(self) -> str:
        """The address of this conversation with its earliest messages."""
        return replace(self, whole=True).at(self.chat or "")

    def query(self, **more: str | None) -> str:
        """The part of the address from the question mark on; nothing for the usual view."""
        asked = self.asked
        given = {
            "view": None if asked.view is View.WAITING else asked.view.value,
            "label": asked.label,
            "why": asked.why,
            "after": None if asked.after is None else str(asked.after),
            "whole": "1" if self.whole else None,
            "found": "1" if self.found else None,
            **more,
        }
        told = urlencode({name: value for name, value in given.items() if value is not None})
        return f"?{told}" if told else ""


def read(request: web.Request) -> Looking:
    """
    Raises:
        Refusal: the address holds what no page of ours would have put there.
    """
    query = request.query
    chat = request.match_info.get("id") or query.get("chat")
    if chat is not None and not ID.fullmatch(chat):
        raise Refusal(404, "missing")
    try:
        view = View(query.get("view", View.WAITING))
        after = Place.read(query["after"]) if "after" in query else None
    except ValueError:
        raise Refusal(400, "bad_request") from None
    why, label = query.get("why"), query.get("label")
    asked = Asked(view, label[:LABEL] if label else None, why if why in urgency.REASONS else None, after)
    return Looking(asked, chat, "whole" in query, "found" in query)
