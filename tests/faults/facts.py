"""What holds over the database and the chats afterwards, whatever was done to the product.

A fact is a function that says what breaks it; nothing said is nothing broken.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from bot.telegram.messages import render
from conversations import steps
from conversations.session import Stage
from conversations.store import journal
from tests.faults.evidence import Evidence
from tests.faults.merchants import CONNECT, Merchant
from tests.faults.retelling import retold
from tests.faults.visitors import Visitor

Fact = Callable[[Evidence], Iterator[str]]
TOGETHER = 6  #: lines that a turn says at most, and that are on their way at once
UNREADABLE = (
    "malformed ",
    "not JSON",
    "too long",
)  #: why an update cannot be acted on, whatever the product does
MOST_SHOWN = 5  #: examples of one broken fact


def every_merchant_finishes(found: Evidence) -> Iterator[str]:
    for merchant in found.merchants:
        if merchant.outcome is None:
            yield f"{merchant.chat} waits after {merchant.done[-1:]}"


def answers_are_what_was_said(found: Evidence) -> Iterator[str]:
    """The stored session and the newest answers are those of the same acts told to the flow, once."""
    for merchant in found.merchants:
        state, expected = found.state(merchant), retold(merchant, found.state(merchant))
        newest = {row.step: row.value for row in found.of("answers", merchant)}
        stored = {step: answer.value for step, answer in state.answers.items()} if state else {}
        if stored != expected or newest != expected:
            yield f"{merchant.chat} said {expected}, stored are {stored} and {newest}"


def every_line_is_kept_once(found: Evidence) -> Iterator[str]:
    """The merchant's lines in the journal are as many as were sent with consent; only "/start" is not."""
    for merchant in found.merchants:
        kept = [row.text for row in found.of("messages", merchant) if row.sender == "merchant"]
        said = [act for _, act in merchant.done if act[0] != CONNECT]
        if len(kept) != len(said):
            yield f"{merchant.chat} did {len(said)} things, {len(kept)} are kept"


def one_decision_with_its_offers(found: Evidence) -> Iterator[str]:
    for merchant in found.merchants:
        decisions = found.of("decisions", merchant)
        if [row.attempt for row in decisions] != [1]:
            yield f"{merchant.chat} has the decisions {[row.attempt for row in decisions]}"
    made = Counter(row.decision for row in found.rows["offers"])
    for row in found.rows["decisions"]:
        if made[row.id] != len(row.decision["offers"]):
            yield f"decision {row.id} has {made[row.id]} offers of {len(row.decision['offers'])}"


def an_offer_is_accepted_once(found: Evidence) -> Iterator[str]:
    for merchant in found.merchants:
        accepted = len(found.of("acceptances", merchant))
        if accepted != (merchant.outcome == "accepted"):
            yield f"{merchant.chat} ended {merchant.outcome} with {accepted} acceptances"


def nothing_waits(found: Evidence) -> Iterator[str]:
    for table, states in (
        ("outbox", {"queued", "sending", "parked"}),
        ("jobs", {"queued", "running", "failed"}),
    ):
        count = Counter(row.state for row in found.rows[table] if row.state in states)
        if count:
            yield f"{table}: {dict(count)}"


def every_session_is_legal(found: Evidence) -> Iterator[str]:
    """It can be loaded, its columns say the same, and it waits for what the steps say is next."""
    for merchant in found.merchants:
        try:
            state = found.state(merchant)
        except ValueError as error:
            yield f"{merchant.chat} cannot be loaded: {error}"
            continue
        if state is None:
            yield f"{merchant.chat} has no session"
            continue
        [row] = found.of("sessions", merchant)
        if (row.stage, row.version, row.holder) != (state.stage, state.version, state.holder):
            yield f"{merchant.chat} has columns that do not fit its state"
        if state.stage in (Stage.APPLYING, Stage.OFFERED) and state.waiting != steps.pending(state):
            yield f"{merchant.chat} waits for {state.waiting}, {steps.pending(state)} is next"


def one_conversation_a_chat(found: Evidence) -> Iterator[str]:
    """A visitor whose cookie was lost on its way has begun one that nobody goes on with."""
    lost = sum(max(one.starts - 1, 0) for one in found.visitors)
    more = len(found.rows["sessions"]) - len(found.merchants)
    if not 0 <= more <= lost:
        yield f"{len(found.rows['sessions'])} conversations of {len(found.merchants)} merchants"


def messages_are_numbered_without_gaps(found: Evidence) -> Iterator[str]:
    for merchant in found.merchants:
        numbers = [row.n for row in found.of("messages", merchant)]
        counter = [row.counter for row in found.of("sessions", merchant)]
        if numbers != list(range(1, len(numbers) + 1)) or counter != [len(numbers)]:
            yield f"{merchant.chat} has the messages {numbers}, counted to {counter}"


def every_message_arrives_in_order(found: Evidence) -> Iterator[str]:
    """The chat shows the journal, line for line; what was on its way at a kill may come again."""
    for merchant in found.merchants:
        seen = [shown.text for shown in found.api.chats[merchant.chat]]
        kept = _rendered(found, merchant)
        if (place := _strays(seen, kept)) is not None:
            yield f"{merchant.chat} sees {len(seen)} messages of {len(kept)}, number {place} is out of place"


def a_message_repeats_only_by_a_kill(found: Evidence) -> Iterator[str]:
    """Without a kill, and without an answer that was lost on its way back, nothing stands twice."""
    reasons, count = found.kills + found.api.faults.cuts, repeats(found)
    if count and not reasons:
        yield f"{count} messages stand twice without a reason"


def the_inbox_holds_every_update(found: Evidence) -> Iterator[str]:
    inbox = {row.arrival for row in found.rows["inbox"] if row.channel == "telegram"}
    sent = {str(update.number) for update in found.api.mailbox.sent}
    if inbox != sent:
        yield f"{len(sent - inbox)} updates are missing, {len(inbox - sent)} were never sent"


def nothing_readable_is_put_aside(found: Evidence) -> Iterator[str]:
    for row in found.rows["dead_letters"]:
        if found.poisoned and row.why.startswith(UNREADABLE):
            continue
        yield f"{row.channel} {row.arrival}: {row.why}"


def nobody_is_asked_twice(found: Evidence) -> Iterator[str]:
    for merchant in found.merchants:
        if len(merchant.asked_again) > found.absences:
            yield f"{merchant.chat} is asked again for {merchant.asked_again}"


def what_was_typed_is_stored(found: Evidence) -> Iterator[str]:
    """Every message of the web chat that was answered 200, and nothing that was never typed."""
    inbox = {row.arrival for row in found.rows["inbox"] if row.channel == "web"}
    typed = {f"{one.address[:16]}:{id}" for one in found.visitors for id in one.typed}
    strangers = sum(":arrived:" not in arrival for arrival in inbox - typed)
    if typed - inbox or strangers:
        yield f"{len(typed - inbox)} typed messages are missing, {strangers} were never typed"


FACTS: tuple[Fact, ...] = (
    every_merchant_finishes,
    answers_are_what_was_said,
    every_line_is_kept_once,
    one_decision_with_its_offers,
    an_offer_is_accepted_once,
    nothing_waits,
    every_session_is_legal,
    one_conversation_a_chat,
    messages_are_numbered_without_gaps,
    every_message_arrives_in_order,
    a_message_repeats_only_by_a_kill,
    the_inbox_holds_every_update,
    nothing_readable_is_put_aside,
    nobody_is_asked_twice,
    what_was_typed_is_stored,
)


def broken(found: Evidence) -> list[str]:
    """Every broken fact with a few examples."""
    said = []
    for fact in FACTS:
        examples = list(fact(found))
        said += [f"{fact.__name__}: {example}" for example in examples[:MOST_SHOWN]]
        if len(examples) > MOST_SHOWN:
            said.append(f"{fact.__name__}: and {len(examples) - MOST_SHOWN} more")
    return said


def repeats(found: Evidence) -> int:
    """Messages that a chat shows twice."""
    return sum(
        len(found.api.chats[merchant.chat]) - len(_rendered(found, merchant)) for merchant in found.merchants
    )


def _strays(seen: list[str], kept: list[str]) -> int | None:
    """The first place that is neither the next line of the journal nor one of its last few again.

    What a killed process had handed to the network may be shown after what another one has sent since.
    """
    position = 0
    for place, text in enumerate(seen):
        near = [position, *range(position - 1, max(position - TOGETHER, 0) - 1, -1)]
        found = next((n for n in near if n < len(kept) and kept[n] == text), None)
        if found is None:
            return place
        position = max(position, found + 1)
    return None if position == len(kept) else len(seen)


def _rendered(found: Evidence, merchant: Merchant) -> list[str]:
    """What the bot's lines of the journal look like in Telegram, or in the web chat."""
    unsent = {
        row.n for row in found.of("outbox", merchant) if row.state == "cancelled"
    }  # to whoever blocked us
    rows = [row for row in found.of("messages", merchant) if row.sender != "merchant" and row.n not in unsent]
    lines = [journal.from_row(row) for row in rows]
    if isinstance(merchant, Visitor):
        return [line.text for line in lines]
    return [part.text for line in lines for part in render(line, str(merchant.chat), found.signer)]
