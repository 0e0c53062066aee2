"""The merchant's Weibo accounts: connected on Weibo itself, or named and proven by a phrase there."""

import hashlib
from dataclasses import replace

from conversations import prompts
from conversations.asking import apply_again, ask_again, go_on, missing
from conversations.events import Connected, ConnectFailed, HandleChecked
from conversations.replies import Choice, Kind, Reply
from conversations.requests import CheckHandle, KeepToken, RecordConsent, WithdrawConsent
from conversations.session import Account, Answer, Session, Stage, Turn
from conversations.steps import STEPS, Handle
from scoring.sources.handles import handle as read_handle


def step_of(account: str) -> str:
    return f"{account}_account"


def phrase(session: Session, account: str) -> str:
    """What the owner places in the profile: short, the same each time, unlike anyone else's."""
    digest = hashlib.sha256(f"{session.id}/{account}".encode()).hexdigest()
    return f"幫幫{int(digest[:8], 16) % 1_000_000:06}"


def named(session: Session, text: str) -> Turn | None:
    """A typed handle: its own consent is recorded, then it is looked up."""
    account = _account(session)
    handle = read_handle(text)
    if handle is None:
        return None
    if any(str(handle) == other.handle for kind, other in session.accounts.items() if kind != account):
        return ask_again(session, prompts.say("problem.same_account"))
    kept = Account(str(handle), phrase(session, account))
    freed, withdrawn = let_go(session, account)
    answers = {step: answer for step, answer in freed.answers.items() if step != step_of(account)}
    after = replace(freed, accounts={**freed.accounts, account: kept}, answers=answers, misses=0)
    consent = RecordConsent(account, f"consent.{account}", kept.handle)
    looking = prompts.say("account.looking", handle=kept.handle)
    return Turn(after, (looking,), (*withdrawn, consent, _look(account, kept)))


def is_address(text: str) -> bool:
    """Whether the words can only mean an account: @name, a weibo address, a number."""
    words = text.strip()
    return words.startswith(("@", "＠")) or "weibo.c" in words.lower() or words.isdecimal()


def perhaps_named(session: Session, text: str) -> Turn | None:
    """Any other words may be a nickname: asked about before anything is agreed to or looked up."""
    handle = read_handle(text)
    if handle is None:
        return None
    doubt = {step_of(_account(session)): str(handle)}
    return ask_again(replace(session, doubt=doubt, doubted="doubt.account", misses=0))


def let_go(session: Session, *accounts: str) -> tuple[Session, tuple[WithdrawConsent, ...]]:
    """The session without these accounts, and what makes the shell forget them too."""
    held = [account for account in accounts if account in session.accounts]
    kept = {account: known for account, known in session.accounts.items() if account not in held}
    return replace(session, accounts=kept), tuple(WithdrawConsent(account) for account in held)


def tapped(session: Session, choice: str, answer: Answer) -> Turn | None:
    """A choice about the account that is being asked for; None when it is none of its choices."""
    account = _account(session)
    known = session.accounts.get(account)
    if choice == "skip":
        return _left_out(session, answer, f"skipped.{account}")
    if choice == "connect":
        return ask_again(session, prompts.say("account.open_link"))
    if known is None or choice not in ("check_again", "unproven"):
        return None
    if choice == "unproven":
        return _left_out(session, answer, "skipped.unproven")
    return Turn(session, (prompts.say("account.looking", handle=known.handle),), (_look(account, known),))


def _left_out(session: Session, answer: Answer, consequence: str) -> Turn:
    """Nobody reads this account, and what follows from that is said."""
    account = _account(session)
    freed, withdrawn = let_go(session, account)
    after = replace(freed, answers={**freed.answers, step_of(account): answer})
    turn = go_on(after) if session.stage is Stage.APPLYING else apply_again(after)
    return turn.preceded_by(prompts.say(consequence)).requesting(*withdrawn)


def checked(session: Session, event: HandleChecked) -> Turn:
    """The look-up came back."""
    known = session.accounts.get(event.account)
    if known is None or known.handle != event.handle or session.waiting != step_of(event.account):
        return Turn(session)  # the merchant has moved on; nothing was promised
    if event.fact == "not_found":
        return ask_again(session, prompts.say("account.not_found", handle=event.handle))
    if event.uid is not None and _is_other(session, event.account, event.uid):
        freed, withdrawn = let_go(session, event.account)
        return ask_again(freed, prompts.say("problem.same_account")).requesting(*withdrawn)
    name = event.screen_name or event.handle
    if event.fact is not None:
        unseen = replace(known, unavailable=event.fact)
        return _settled(session, event, unseen, prompts.say("account.unavailable", handle=name))
    found = replace(
        known, uid=event.uid, screen_name=event.screen_name, proven=event.proven, unavailable=None
    )
    if event.proven:
        return _settled(session, event, found, prompts.say("account.proven", handle=name))
    again = known.uid is not None  # the phrase was looked for before, too
    missed, stuck = missing(session) if again else (session, False)
    after = replace(missed, accounts={**session.accounts, event.account: found})
    person = (prompts.say("account.person", prompts.PERSON),) if stuck else ()
    return Turn(after, (*person, _prove(event.account, found, "account.still" if again else "account.prove")))


def connected(session: Session, event: Connected) -> Turn:
    """Weibo itself vouches for the owner; without consent to the application nothing is kept."""
    if not session.known("consent") or session.stage is Stage.ACCEPTED:
        return Turn(session)
    if _is_other(session, event.account, event.uid):
        return ask_again(session, prompts.say("problem.same_account"))
    account = Account(
        event.screen_name,
        phrase(session, event.account),
        event.uid,
        event.screen_name,
        proven=True,
        connected=True,
    )
    keep = KeepToken(event.account, event.uid, event.sealed_token)
    consent = RecordConsent(event.account, f"consent.{event.account}", event.uid)
    said = prompts.say("account.connected", handle=event.screen_name)
    return _settled(session, event, account, said).requesting(consent, keep)


def _is_other(session: Session, account: str, uid: str) -> bool:
    """Whether the merchant has given this very account in the other role."""
    return any(other.uid == uid for kind, other in session.accounts.items() if kind != account)


def failed(session: Session, event: ConnectFailed) -> Turn:
    known = event.fact if event.fact in ("refused",) else "unavailable"
    return ask_again(session, prompts.say(f"account.connect_{known}"))


def _settled(session: Session, event: HandleChecked | Connected, account: Account, said: Reply) -> Turn:
    """The account question is answered; where the application goes on depends on how far it was."""
    answer = Answer(account.handle, account.handle, event.at)
    known = {**session.answers, step_of(event.account): answer}
    after = replace(session, answers=known, accounts={**session.accounts, event.account: account})
    if session.stage is not Stage.APPLYING:
        return apply_again(after).preceded_by(said)
    in_passing = session.waiting not in (None, step_of(event.account), "check")
    if in_passing:
        return ask_again(after, said)  # the open question stays open
    return go_on(after).preceded_by(said)


def _prove(account: str, known: Account, key: str) -> Reply:
    words = (
        Choice("check_again", "choice.check_again"),
        Choice("connect", f"choice.connect.{account}", link=f"weibo/{account}"),
        Choice("unproven", "choice.unproven"),
    )
    values = {"handle": known.screen_name or known.handle, "phrase": known.phrase}
    return Reply(Kind.ASK, key, values, words, step_of(account))


def _look(account: str, known: Account) -> CheckHandle:
    return CheckHandle(account, known.handle, known.phrase)


def _account(session: Session) -> str:
    reads = STEPS[session.waiting or ""].reads
    if not isinstance(reads, Handle):
        raise LookupError(f"{session.waiting} is no account step")
    return reads.account
