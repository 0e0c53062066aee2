"""Merchants who read what the bot sends and answer the open question, until they have taken an offer.

They never send anything twice by themselves: what the bot loses, nobody brings back.
"""

import asyncio
import random
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from conversations.phrases import phrase
from tests.conversations.talk import LICENCE
from tests.faults.bot_api import BotApi, Shown

LANGUAGE = "zh-Hans"
TAP, SAY, CONNECT = "tap", "say", "connect"
Act = tuple[str, str]

#: what may be done at each step; the golden shop asks for little, so that an offer comes without an account
ANSWERS: dict[str, tuple[Act, ...]] = {
    "consent": ((TAP, "agree"),),
    "role": ((TAP, "owner"), (TAP, "partner")),
    "trade": ((TAP, "restaurant"), (TAP, "cafe"), (SAY, "餐馆")),
    "city": ((SAY, "昆明 2017年2月"), (SAY, "上海，2019年5月")),
    "licence": ((TAP, "individual_business"), (SAY, "个体户")),
    "personal_account": ((TAP, "skip"), (SAY, "跳过")),
    "sales_last_month": ((SAY, "13万"), (SAY, "150000")),
    "orders_per_day": ((SAY, "37单 每单120元 30天"),),
    "rent": ((SAY, "一万五"), (SAY, "15000")),
    "staff_count": ((SAY, "6.5人 29900"),),
    "debt_balance": ((SAY, "没有"), (TAP, "none")),
    "amount": ((SAY, "2万 12期"), (SAY, "1.5万 6期")),
    "purpose": ((SAY, "进货、工资"), (TAP, "rent")),
    "check": ((TAP, "submit"),),
    "licence_number": ((SAY, LICENCE),),
    "acknowledge": ((TAP, "acknowledge"),),
    "accept": ((TAP, "accept"),),
}
#: questions without a button to know them by
BY_WORDS = {
    step: phrase(f"ask.{step}", LANGUAGE).splitlines()[0] for step in ("city", "sales_last_month", "amount")
}
PROOF = re.compile(r"幫幫\d{6}")


@dataclass
class Pace:
    """How much the merchants may do: so many acts, then they wait for more. None is as fast as they can.

    `think` is how long they read before they answer, in seconds of the mean.
    """

    allowed: int | None = None
    think: float = 0
    _waiting: deque[Callable[[], None]] = field(default_factory=deque)
    _thoughts: dict[Callable[[], None], asyncio.TimerHandle] = field(default_factory=dict)

    def when_allowed(self, act: Callable[[], None], dice: random.Random) -> None:
        """Let somebody act who has read for a while."""
        if self.think:
            after = dice.expovariate(1 / self.think)
            self._thoughts[act] = asyncio.get_running_loop().call_later(after, self._thought, act)
        else:
            self._begin(act)

    def hurry(self) -> None:
        """Nobody thinks any longer: who has thought for a minute is not stuck."""
        self.think = 0
        for act in list(self._thoughts):
            self._thought(act)

    def _thought(self, act: Callable[[], None]) -> None:
        self._thoughts.pop(act).cancel()
        self._begin(act)

    def _begin(self, act: Callable[[], None]) -> None:
        if self.allowed == 0:
            self._waiting.append(act)
            return
        if self.allowed is not None:
            self.allowed -= 1
        act()

    def allow(self, acts: int | None) -> None:
        """So many acts more; None ends the waiting for good."""
        self.allowed = None if acts is None else (self.allowed or 0) + acts
        while self._waiting and self.allowed != 0:
            self._begin(self._waiting.popleft())


@dataclass
class Merchant:
    """One private chat. `account` is a Weibo name to give for the shop; `prove` shows that it is theirs."""

    chat: int
    api: BotApi
    pace: Pace
    dice: random.Random
    finished: Callable[[], None]
    account: str | None = None
    prove: Callable[[str, str], None] | None = None
    done: list[tuple[str, Act]] = field(default_factory=list)  #: step and act, in order
    outcome: str | None = None
    asked_again: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)  #: seconds from each act to the first reply
    _since: list[Shown] = field(default_factory=list)  # what came since an act was answered
    _acted: bool = False
    _began: float | None = None

    def arrive(self) -> None:
        self.api.readers[self.chat] = self.hear
        self.pace.when_allowed(lambda: self._do((SAY, "/start"), {}), self.dice)

    def come_back(self) -> None:
        """Greet once more, as whoever has blocked the bot does; the greeting is kept like any line."""
        self.done.append(("greeting", (SAY, "/start")))
        self._acted = True
        self._do((SAY, "/start"), {})

    def rate(self) -> None:
        """Say what a colleague's help was worth; the bot thanks and asks again what is open."""
        self.done.append(("rating", (SAY, "/rate 5")))
        self._acted = True
        self._do((SAY, "/rate 5"), {})

    def tapped_in_vain(self) -> None:
        """The last act is lost on its way, and will be done when it is asked for again."""
        self.done.pop()

    def hear(self, shown: Shown) -> None:
        """Read a message; a copy of what came since the last act was answered asks for nothing new."""
        if any(shown.repeats(earlier) for earlier in self._since):
            return
        if self._began is not None:
            self.waits.append(asyncio.get_running_loop().time() - self._began)
            self._began = None
        if self._acted:
            self._acted, self._since = False, []
        self._since.append(shown)
        step, choices = self._question(shown)
        if step is not None:
            self._answer(step, choices, shown)
        elif "/edit" in choices or self._has_accepted():
            self._end("accepted" if self._has_accepted() else "decided")

    def _question(self, shown: Shown) -> tuple[str | None, dict[str, str]]:
        return question(shown)

    def _answer(self, step: str, choices: dict[str, str], shown: Shown) -> None:
        act = self._act(step, choices, shown)
        if (step, act) in self.done or (step != "brand_account" and step in dict(self.done)):
            self.asked_again.append(step)
            return
        self.done.append((step, act))
        self._acted = True
        self.pace.when_allowed(lambda: self._do(act, choices), self.dice)

    def _do(self, act: Act, choices: dict[str, str]) -> None:
        how, what = act
        self._began = asyncio.get_running_loop().time()
        if how == TAP:
            self.api.taps(self.chat, choices[what])
        else:
            self.api.says(self.chat, what)

    def _act(self, step: str, choices: dict[str, str], shown: Shown) -> Act:
        if step == "offer":
            return TAP, self.dice.choice(sorted(choice for choice in choices if choice.startswith("take:")))
        if step == "brand_account":
            return self._about_account(choices, shown)
        return self.dice.choice(ANSWERS[step])

    def _about_account(self, choices: dict[str, str], shown: Shown) -> Act:
        if "unproven" not in choices:
            named = any(step == "brand_account" for step, _ in self.done)
            return (SAY, f"@{self.account}") if self.account and not named else (TAP, "skip")
        found = PROOF.search(shown.text)
        if self.account and self.prove and found and ("brand_account", (TAP, "check_again")) not in self.done:
            self.prove(self.account, found[0])
            return TAP, "check_again"
        return TAP, "unproven"

    def _has_accepted(self) -> bool:
        return ("accept", (TAP, "accept")) in self.done

    def _end(self, outcome: str) -> None:
        if self.outcome is None:
            self.outcome = outcome
            self.finished()


def question(shown: Shown) -> tuple[str | None, dict[str, str]]:
    """The step that a message asks for, and what each of its choices would send."""
    step, choices = None, {}
    for data in filter(None, shown.keyboard):
        _, _, asked, choice = data.rpartition(":")[0].split(":", 3)
        choices[choice] = data
        step = None if asked == "-" else asked
    if step is None:
        step = next((step for step, words in BY_WORDS.items() if words in shown.text), None)
    return step, choices
