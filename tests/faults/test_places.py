"""Every place that commits, sends or acknowledges can be died at, and every place is visited."""

from tests.faults import places

#: an effect without a place in its own function, and why it needs none: mostly the place is in what it calls
IN_THE_TRANSACTION = "every transaction has a place before and after its commit"
A_COURTESY = "nobody waits for it, and it changes nothing stored"
A_FORM = "reads a form that was sent to us"
EXCUSED = {
    "bot/assessment.py:_reserve": "its callers have a place after it",
    "bot/database.py:_inside_file": "a migration, which begins anew",
    "bot/database.py:_inside_server": "a migration, which begins anew",
    "bot/dead_letters.py:keep": IN_THE_TRANSACTION,
    "bot/delivery.py:_recover": IN_THE_TRANSACTION,
    "bot/delivery.py:end": IN_THE_TRANSACTION,
    "bot/delivery.py:_recover_strays": IN_THE_TRANSACTION,
    "bot/housekeeping.py:round": IN_THE_TRANSACTION,
    "bot/desk/activity.py:export": IN_THE_TRANSACTION,
    "bot/desk/entrance.py:fields": A_FORM,
    "bot/desk/gate.py:visit": "notes when somebody was last seen",
    "bot/desk/gate.py:_denied": IN_THE_TRANSACTION,
    "bot/desk/gate.py:_own_form": A_FORM,
    "bot/desk/revealing.py:reveal": IN_THE_TRANSACTION,
    "bot/desk/conversation.py:_beside": IN_THE_TRANSACTION,
    "bot/desk/conversation.py:_do": IN_THE_TRANSACTION,
    "bot/desk/conversation.py:_objection": IN_THE_TRANSACTION,
    "bot/desk/conversation.py:_seen": IN_THE_TRANSACTION,
    "bot/desk/noting.py:round": IN_THE_TRANSACTION,
    "bot/desk/queue.py:_find": IN_THE_TRANSACTION,
    "bot/desk/queue.py:search": IN_THE_TRANSACTION,
    "bot/desk/replies.py:_change": IN_THE_TRANSACTION,
    "bot/health.py:_write": "a row of its own, which says nothing",
    "bot/sandbox/oauth.py:answer": A_FORM,
    "bot/sandbox/oauth.py:exchange": A_FORM,
    "bot/sandbox/oauth.py:revoke": A_FORM,
    "bot/sandbox/pages.py:edit": A_FORM,
    "bot/timekeeping.py:_taken": IN_THE_TRANSACTION,
    "bot/timekeeping.py:round": IN_THE_TRANSACTION,
    "bot/telegram/courtesy.py:_answer": A_COURTESY,
    "bot/telegram/courtesy.py:_say": A_COURTESY,
    "bot/telegram/group/colleagues.py:_act": "a turn, which has its places",
    "bot/telegram/group/colleagues.py:_denied": IN_THE_TRANSACTION,
    "bot/telegram/group/colleagues.py:_note": IN_THE_TRANSACTION,
    "bot/telegram/group/colleagues.py:_overrode": IN_THE_TRANSACTION,
    "bot/telegram/group/colleagues.py:_read": IN_THE_TRANSACTION,
    "bot/telegram/group/colleagues.py:_said": IN_THE_TRANSACTION,
    "bot/telegram/group/mirror.py:_change": IN_THE_TRANSACTION,
    "bot/telegram/group/mirror.py:_forget": IN_THE_TRANSACTION,
    "bot/telegram/group/supergroup.py:_send": "what was told and not noted is told again",
    "bot/telegram/intake.py:_take_up": "both ways that lead to it have places before and after",
    "bot/telegram/polling.py:_fetch": "what it fetched is taken at once, and that has the place",
    "bot/telegram/pushing.py:_look": "a question to Telegram, which changes nothing",
    "bot/telegram/sender.py:_send_part": "delivery has its places around it, one sender like another",
    "bot/terminal.py:_hear": "a terminal whose process dies is gone with it",
    "bot/webchat/incoming.py:_fields": A_FORM,
    "bot/webchat/routes.py:start": "a visitor who returns is greeted, at most once for an absence",
    "conversations/attempts.py:_failed": IN_THE_TRANSACTION,
    "conversations/attempts.py:_give_up": IN_THE_TRANSACTION,
    "conversations/jobs.py:round": IN_THE_TRANSACTION,
    "conversations/jobs.py:_start_due": IN_THE_TRANSACTION,
    "conversations/queue_worker.py:round": IN_THE_TRANSACTION,
    "conversations/queue_worker.py:_find_again": IN_THE_TRANSACTION,
    "conversations/queue_worker.py:_tried": IN_THE_TRANSACTION,
    "conversations/store/sqlite.py:_inside": "its callers have the places before and after the commit",
    "conversations/turns.py:blocked": IN_THE_TRANSACTION,
    "conversations/turns.py:finish": IN_THE_TRANSACTION,
    "conversations/turns.py:reachable": IN_THE_TRANSACTION,
}
#: where whatever is done is one transaction, with the deed's own record in it
ONE_TRANSACTION_EACH = ("bot/access/",)


def test_every_effect_has_a_place_beside_it() -> None:
    bare = {
        one.where
        for one in places.functions()
        if one.effects and not one.places and not one.file.startswith(ONE_TRANSACTION_EACH)
    }

    assert bare == set(EXCUSED), "put a crashpoint beside it, or say here why it needs none"


def test_every_commit_of_turns_messages_and_work_has_a_place_on_each_side() -> None:
    turns = {"turns taken", "turns written", "turns committed"}
    messages = {"before send", "after send", "settled"}
    work = {"job taken", "job done", "job finished"}
    transactions = {
        "written to the file", "committed to the file", "written to the server", "committed to the server",
    }  # fmt: skip
    updates = {"updates fetched", "webhook received", "webhook stored"}

    assert turns | messages | work | updates | transactions <= places.named().keys()


def test_a_place_has_one_name_and_a_name_one_place() -> None:
    passed = [place for function in places.functions() for place in function.places]

    assert sorted(passed) == sorted(set(passed))


def test_there_are_as_many_places_as_were_promised() -> None:
    assert len(places.visited()) >= 40
