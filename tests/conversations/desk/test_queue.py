"""The queue's views: who is in which, in what order, a page at a time."""

from datetime import timedelta

import pytest

from conversations.store import Store
from conversations.store.desk import labels, notes, queue
from conversations.store.desk.notes import New
from conversations.store.desk.queue import Asked, Line, Page, Place, View
from tests.conversations.desk.rows import Row, put, waiting
from tests.conversations.toy import START

MEI = "mei"


async def look(store: Store, asked: Asked) -> Page:
    return await store.read(lambda connection: queue.page(connection, asked, MEI, START))


async def seen(store: Store, view: View) -> list[str]:
    return [line.id for line in (await look(store, Asked(view))).lines]


async def only(store: Store, view: View = View.ALL) -> Line:
    [line] = (await look(store, Asked(view))).lines
    return line


async def test_whoever_must_be_answered_first_waits_first(store: Store) -> None:
    await store.write(
        lambda c: put(c, waiting("later", 9), waiting("late", -3), waiting("soon", 2), Row("bot"))
    )

    assert await seen(store, View.WAITING) == ["late", "soon", "later"]
    assert await store.read(lambda c: queue.overdue(c, START)) == 1


async def test_what_is_put_aside_waits_in_its_own_view_until_its_time(store: Store) -> None:
    asleep, awake = START + timedelta(hours=1), START - timedelta(hours=1)
    await store.write(
        lambda c: put(c, waiting("a", 1, snoozed_until=asleep), waiting("b", 2, snoozed_until=awake))
    )

    assert (await seen(store, View.WAITING), await seen(store, View.SNOOZED)) == (["b"], ["a"])


async def test_each_colleague_has_a_view_of_their_own(store: Store) -> None:
    await store.write(lambda c: put(c, Row("mine", holder=MEI), Row("hers", holder="ann"), Row("free")))

    assert await seen(store, View.MINE) == ["mine"]
    assert await seen(store, View.UNASSIGNED) == ["free"]
    assert set(await seen(store, View.ALL)) == {"mine", "hers", "free"}


async def test_what_people_have_to_decide_has_a_view_of_its_own(store: Store) -> None:
    rows = (
        Row("referred", person="asked", stage="referred"),
        Row("again", person="reconsider"),
        Row("second", person="proposal", holder=MEI),
        waiting("asked", 1),
    )
    await store.write(lambda c: put(c, *rows))

    assert set(await seen(store, View.DECISIONS)) == {"referred", "again", "second"}


async def test_views_are_counted(store: Store) -> None:
    await store.write(lambda c: put(c, waiting("a", 1), waiting("b", 1), Row("mine", holder=MEI)))

    counted = await store.read(lambda c: queue.counts(c, MEI, START))

    assert counted == {
        View.WAITING: 2, View.MINE: 1, View.UNASSIGNED: 2, View.ALL: 3, View.SNOOZED: 0, View.MENTIONS: 0,
        View.DECISIONS: 0,
    }  # fmt: skip


@pytest.mark.parametrize("view", [View.WAITING, View.ALL])
async def test_pages_follow_each_other_without_a_gap(store: Store, view: View) -> None:
    """Many share a moment, so that pages end in the middle of one."""
    rows = [waiting(f"{n:03}", n // 40, updated=START + timedelta(minutes=n // 40)) for n in range(120)]
    await store.write(lambda c: put(c, *rows))

    first = await look(store, Asked(view))
    second = await look(store, Asked(view, after=first.next))
    third = await look(store, Asked(view, after=second.next))

    told = [line.id for page in (first, second, third) for line in page.lines]
    assert sorted(told) == [row.id for row in rows]
    assert [len(page.lines) for page in (first, second, third)] == [50, 50, 20]
    assert third.next is None
    assert told == (sorted(told) if view is View.WAITING else sorted(told, reverse=True))


async def test_a_page_goes_on_where_it_ended_though_others_have_come(store: Store) -> None:
    await store.write(lambda c: put(c, *(waiting(f"{n:03}", n) for n in range(60))))
    first = await look(store, Asked())
    await store.write(lambda c: put(c, waiting("new", -5)))

    second = await look(store, Asked(after=first.next))

    assert [line.id for line in second.lines] == [f"{n:03}" for n in range(50, 60)]


@pytest.mark.parametrize("text", ["", "2026-11-23T09:00:00+00:00", "now~x", "2026-11-23T09:00:00~x"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whoever asks learns no more than that
        Place.read(text)


def test_a_place_is_what_it_says() -> None:
    place = Place(START, "a~b")

    assert Place.read(str(place)) == place


async def test_a_line_tells_what_was_said_last_and_what_i_have_not_read(store: Store) -> None:
    await store.write(lambda c: put(c, waiting("a", 1, said=("hello", "anybody?", "please"), name="Café")))
    await store.write(lambda c: notes.read(c, "a", MEI, 1))

    line = await only(store, View.WAITING)

    assert line.last is not None
    assert (line.name, line.last.text, line.unread, line.channel) == ("Café", "please", 2, "web")


async def test_reading_goes_forward_only(store: Store) -> None:
    await store.write(lambda c: put(c, Row("a", said=("1", "2"))))

    async def reads(n: int) -> bool:
        return await store.write(lambda c: notes.read(c, "a", MEI, n))

    assert [await reads(2), await reads(1), await reads(2)] == [True, False, False]
    assert (await only(store)).unread == 0


async def test_a_view_is_narrowed_by_label_and_by_reason(store: Store) -> None:
    await store.write(lambda c: put(c, waiting("a", 1), waiting("b", 2), Row("c", person="stuck")))
    await store.write(lambda c: labels.put(c, "b", "large"))

    labelled = await look(store, Asked(View.WAITING, label="large"))
    stuck = await look(store, Asked(View.ALL, why="stuck"))

    assert [line.id for line in labelled.lines] == ["b"]
    assert labelled.lines[0].labels == ("large",)
    assert [line.id for line in stuck.lines] == ["c"]


async def test_a_label_is_put_on_once_and_taken_off_once(store: Store) -> None:
    await store.write(lambda c: put(c, Row("a"), Row("b")))

    done = await store.write(
        lambda c: [labels.put(c, "a", "x"), labels.put(c, "a", "x"), labels.put(c, "b", "x")]
    )
    known = await store.read(labels.known)
    undone = await store.write(lambda c: [labels.take(c, "a", "x"), labels.take(c, "a", "x")])

    assert (done, known, undone) == ([True, False, True], ["x"], [True, False])


async def test_whoever_is_named_in_a_note_finds_it_until_they_have_looked(store: Store) -> None:
    await store.write(lambda c: put(c, Row("a")))
    await store.write(lambda c: notes.add(c, New("a", "ann", "@Mei look", START, [MEI])))
    assert await seen(store, View.MENTIONS) == ["a"]

    assert await store.write(lambda c: notes.read(c, "a", MEI, 0)) is True

    assert await seen(store, View.MENTIONS) == []
    [note] = await store.read(lambda c: notes.of(c, "a"))
    assert (note.by, note.text) == ("ann", "@Mei look")
