"""Every place that commits, sends or acknowledges can be died at, and every place is visited."""

from tests.faults import places

#: an effect without a place in its own function, and why it needs none
EXCUSED = {
    "bot/telegram/sender.py:_send_part": "delivery has its places around it, one sender like another",
    "bot/telegram/courtesy.py:_answer": "a courtesy: nobody waits for it, and it changes nothing stored",
    "bot/telegram/courtesy.py:_say": "a courtesy: nobody waits for it, and it changes nothing stored",
    "bot/telegram/polling.py:_fetch": "what it fetched is taken at once, and that has the place",
    "conversations/store/postgres.py:_transaction": "turns, messages and work have their places around it",
}


def test_every_effect_has_a_place_beside_it() -> None:
    bare = {one.where for one in places.functions() if one.effects and not one.places}

    assert bare == set(EXCUSED)


def test_every_commit_of_turns_messages_and_work_has_a_place_on_each_side() -> None:
    turns = {"turns taken", "turns written", "turns committed"}
    messages = {"before send", "after send", "settled"}
    work = {"job taken", "job done", "job finished"}
    updates = {"updates fetched", "webhook received", "webhook stored"}

    assert turns | messages | work | updates <= places.named().keys()


def test_a_place_has_one_name_and_a_name_one_place() -> None:
    passed = [place for function in places.functions() for place in function.places]

    assert sorted(passed) == sorted(set(passed))


def test_nothing_is_excused_that_is_not_there() -> None:
    assert places.ELSEWHERE.keys() <= places.named().keys()
