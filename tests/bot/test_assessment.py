"""Only what was agreed to is read, what fails is a fact, and every assessment ends in an event."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.assessment import SEALED_FOR, Assessor
from bot.signing import Signer
from conversations import requests
from conversations.events import AssessmentFailed, Decided
from conversations.session import Account, Answer
from conversations.store import Store, facts, sessions
from conversations.store.ledger import Ledger
from conversations.store.work import Job
from scoring import decide, policy, scorecard
from scoring.sources.consent import Consent
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact, SourceUnavailable, Unavailable
from scoring.sources.weibo import Snapshot
from tests.conversations.toy import START, Merchant, ToyClock, toy_turns

SIGNER = Signer("a secret for tests, long enough")
PROVEN = Account("小夏", "bb-1", uid="77", screen_name="xia", proven=True)
OWN = replace(PROVEN, handle="77777")
SHOWN = {"user": {"id": 77}, "statuses": [], "mentions": [], "fetched_at": START.isoformat()}
CONSENTS = (
    requests.RecordConsent("brand", "consent.brand", "小夏"),
    requests.RecordConsent("personal", "consent.personal", "77777"),
)

ANSWERS = {"consent": Answer("agree", "agree", START), "rent": Answer(300_000, "3000", START)}


@dataclass
class ToyWeibo:
    """Shows one profile, or is in trouble; remembers who asked for what."""

    trouble: Exception | None = None
    calls: int = 60
    profile: dict[str, Any] = field(
        default_factory=lambda: {"id": 77, "screen_name": "小夏", "description": "bb-1"}
    )
    shown: dict[str, Any] = field(default_factory=lambda: {**SHOWN, "dirty": "a\0b"})
    asked: list[tuple[Handle, int, str | None]] = field(default_factory=list)
    consents: list[Consent | None] = field(default_factory=list)

    async def user(
        self, account: Handle, *, consent: Consent | None, token: str | None = None
    ) -> dict[str, Any]:
        self._ask(account, consent, 1, token)
        return self.profile

    async def snapshot(
        self, account: Handle, *, consent: Consent | None, budget: int, token: str | None = None
    ) -> Snapshot:
        self._ask(account, consent, budget, token)
        return Snapshot(self.shown, self.calls)

    def _ask(self, account: Handle, consent: Consent | None, budget: int, token: str | None) -> None:
        self.asked.append((account, budget, token))
        self.consents.append(consent)
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Shop:
    """A conversation ready to be assessed."""

    store: Store
    weibo: ToyWeibo
    clock: ToyClock
    merchant: Merchant
    session_id: str

    @property
    def assessor(self) -> Assessor:
        return Assessor(self.store, self.weibo, policy.load(), scorecard.load(), SIGNER, self.clock)

    async def changes(self, **values: Any) -> None:
        """Put values into the stored session."""

        def body(connection: Any) -> None:
            stored = sessions.lock(connection, [self.session_id])[self.session_id]
            after = replace(stored.session, **values, version=stored.session.version + 1)
            ledger = Ledger(connection)
            sessions.save(ledger, stored, after, stored.counter, self.clock.now)
            ledger.flush()

        await self.store.write(body)

    async def assessed(self) -> Decided:
        event = await self.assessor.assess(Job(1, "assess", self.session_id, {}, 1))
        assert isinstance(event, Decided)
        return event

    async def checked(self, account: str = "brand", typed: str = "小夏") -> dict[str, Any]:
        payload = {"account": account, "handle": typed, "phrase": "bb-1"}
        return vars(await self.assessor.check_handle(Job(1, "check_handle", self.session_id, payload, 1)))


@pytest.fixture
async def shop(store: Store) -> Shop:
    clock = ToyClock()
    token = requests.KeepToken("brand", "77", SIGNER.seal(SEALED_FOR, "secret token"))
    spoilt = requests.KeepToken("brand", "77", "spoilt")
    taken = (requests.WithdrawConsent("brand"),)
    turns = toy_turns(store, clock, both=CONSENTS, connect=(token,), spoil=(spoilt,), withdraw=taken)
    merchant = Merchant(turns)
    await merchant.agrees()
    session_id = await merchant.says("both")
    ready = Shop(store, ToyWeibo(), clock, merchant, session_id)
    await ready.changes(answers=ANSWERS, accounts={"brand": PROVEN})
    return ready


async def test_a_proven_account_is_read_kept_and_decided_on(shop: Shop) -> None:
    event = await shop.assessed()

    assert event.inputs == {
        "application": {"consent": "agree", "rent": 300_000},
        "brand": {**SHOWN, "dirty": "ab"},
        "personal": None,
        "as_of": "2026-11-23",
    }
    assert shop.weibo.asked == [(Handle(uid="77"), 100, None)]
    assert shop.weibo.consents == [Consent("brand", Handle(uid="77"), START)]
    kept = await shop.store.read(lambda c: facts.newest(c, shop.session_id, "brand", "77"))
    assert kept is not None
    assert (kept.data, kept.calls, kept.fetched_at) == (event.inputs["brand"], 60, START)


async def test_the_kept_inputs_decide_the_same_again(shop: Shop) -> None:
    event = await shop.assessed()
    again = json.loads(json.dumps(event.inputs))
    inputs = decide.Inputs(again["application"], again["brand"], again["personal"], START.date())

    assert decide.decide(inputs, model=scorecard.load(), policy=policy.load()) == event.decision


async def test_the_day_of_a_decision_is_chinas(shop: Shop) -> None:
    shop.clock.pass_by(hours=8)

    assert (await shop.assessed()).inputs["as_of"] == "2026-11-24"


async def test_a_connected_account_is_read_with_its_token(shop: Shop) -> None:
    await shop.merchant.says("connect")
    await shop.changes(accounts={"brand": replace(PROVEN, proven=False, connected=True)})

    await shop.assessed()

    assert shop.weibo.asked == [(Handle(uid="77"), 100, "secret token")]


async def test_a_token_that_cannot_be_opened_is_a_fact(shop: Shop) -> None:
    await shop.merchant.says("spoil")

    event = await shop.assessed()

    assert event.inputs["brand"] == {"unavailable": "token_expired", "at": "2026-11-23T09:00:00+00:00"}
    assert shop.weibo.asked == []


async def test_a_young_snapshot_is_used_again_and_an_old_one_is_not(shop: Shop) -> None:
    await shop.assessed()
    shop.clock.pass_by(hours=23)
    await shop.assessed()
    assert len(shop.weibo.asked) == 1

    shop.clock.pass_by(hours=2)
    await shop.assessed()
    assert len(shop.weibo.asked) == 2


async def test_an_account_read_whole_for_one_conversation_is_not_read_again_for_another(shop: Shop) -> None:
    """What Weibo allows in a day is spent once; each conversation keeps a copy under its own consent."""
    first = await shop.assessed()
    await shop.changes(accounts={"personal": OWN})

    assert (await shop.assessed()).inputs["personal"] == first.inputs["brand"]
    assert len(shop.weibo.asked) == 1


async def test_a_connected_account_is_read_anew_when_the_known_snapshot_lacks_its_mentions(
    shop: Shop,
) -> None:
    shop.weibo.shown = {**SHOWN, "mentions_read": False}
    shop.weibo.calls = 40
    await shop.assessed()
    await shop.changes(accounts={"personal": replace(OWN, connected=True)})

    await shop.assessed()
    assert len(shop.weibo.asked) == 2


async def test_the_calls_made_for_an_account_today_are_counted_whoever_asked(shop: Shop) -> None:
    shop.weibo.shown = {**SHOWN, "partial": True}
    await shop.assessed()
    await shop.changes(accounts={"personal": OWN})

    await shop.assessed()
    assert shop.weibo.asked[1][1] == 40

    await shop.store.write(lambda c: facts.reserve(c, "88", START, 100))
    await shop.changes(accounts={"brand": replace(PROVEN, uid="88")})
    assert (await shop.assessed()).inputs["brand"] == {
        "unavailable": "rate_limited",
        "at": "2026-11-23T09:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("trouble", "fact"),
    [
        (SourceUnavailable(Unavailable(Fact.TIMED_OUT, START)), "timed_out"),
        (KeyError("odd"), "service_unavailable"),
    ],
)
async def test_a_source_that_is_down_is_a_fact_and_a_person_decides(
    shop: Shop, trouble: Exception, fact: str
) -> None:
    shop.weibo.trouble = trouble

    event = await shop.assessed()

    assert event.inputs["brand"] == {"unavailable": fact, "at": "2026-11-23T09:00:00+00:00"}
    assert await shop.store.read(lambda c: facts.newest(c, shop.session_id, "brand", "77")) is None


@pytest.mark.parametrize(
    "account",
    [replace(PROVEN, proven=False), replace(PROVEN, uid=None)],
    ids=["not shown to be theirs", "never found"],
)
async def test_an_account_that_may_be_anyones_is_not_read(shop: Shop, account: Account) -> None:
    await shop.changes(accounts={"brand": account})

    assert (await shop.assessed()).inputs["brand"] is None
    assert shop.weibo.asked == []


async def test_ownership_that_could_not_be_looked_at_is_a_fact(shop: Shop) -> None:
    await shop.changes(accounts={"brand": replace(PROVEN, proven=False, unavailable="timed_out")})

    assert (await shop.assessed()).inputs["brand"]["unavailable"] == "timed_out"


async def test_nothing_is_read_once_consent_is_withdrawn(shop: Shop) -> None:
    await shop.merchant.says("withdraw")

    assert (await shop.assessed()).inputs["brand"] is None
    assert (await shop.checked())["fact"] == "not_permitted"
    assert shop.weibo.asked == []


async def test_answers_that_cannot_be_decided_on_go_to_a_person(shop: Shop) -> None:
    await shop.changes(answers={"rent": Answer("lots", "lots", START)})

    event = await shop.assessor.handlers["assess"](Job(1, "assess", shop.session_id, {}, 1))

    assert event == AssessmentFailed(START, "ApplicationError")


async def test_a_conversation_that_is_gone_needs_no_decision(shop: Shop) -> None:
    assert await shop.assessor.assess(Job(1, "assess", "nobody", {}, 1)) is None


async def test_a_typed_handle_is_looked_up_and_its_phrase_proves_it(shop: Shop) -> None:
    found = await shop.checked()

    assert (found["fact"], found["uid"], found["screen_name"], found["proven"]) == (None, "77", "小夏", True)
    assert (found["account"], found["handle"], found["at"]) == ("brand", "小夏", START)
    assert shop.weibo.consents == [Consent("brand", Handle(screen_name="小夏"), START)]


async def test_a_profile_without_the_phrase_proves_nothing(shop: Shop) -> None:
    shop.weibo.profile = {"idstr": "77"}

    found = await shop.checked(account="personal", typed="77777")

    assert (found["uid"], found["screen_name"], found["proven"]) == ("77", "77777", False)


async def test_a_handle_that_names_no_account_is_not_found_without_asking(shop: Shop) -> None:
    assert (await shop.checked(typed="???"))["fact"] == "not_found"
    assert shop.weibo.asked == []


async def test_a_lookup_that_fails_tells_why(shop: Shop) -> None:
    shop.weibo.trouble = SourceUnavailable(Unavailable(Fact.NOT_FOUND, START))

    assert (await shop.checked())["fact"] == "not_found"


async def test_look_ups_of_one_handle_end_with_the_calls_of_its_day(shop: Shop) -> None:
    answers = [(await shop.checked())["fact"] for _ in range(35)]

    assert answers == [None] * 33 + ["rate_limited"] * 2
    assert len(shop.weibo.asked) == 33


async def test_a_part_of_an_account_is_not_used_again(shop: Shop) -> None:
    shop.weibo.shown = {**SHOWN, "partial": True}
    await shop.assessed()
    await shop.assessed()

    assert [budget for _, budget, _ in shop.weibo.asked] == [100, 40]


async def test_calls_of_a_read_that_failed_are_counted_as_far_as_they_are_known(shop: Shop) -> None:
    refused = SourceUnavailable(Unavailable(Fact.TIMED_OUT, START))
    refused.calls = 9
    shop.weibo.trouble = refused
    await shop.assessed()
    await shop.assessed()

    assert [budget for _, budget, _ in shop.weibo.asked] == [100, 91]


async def test_an_account_other_than_the_one_agreed_to_is_not_read(shop: Shop) -> None:
    other = replace(PROVEN, handle="别家", screen_name="别家")
    await shop.changes(accounts={"brand": other})

    assert (await shop.assessed()).inputs["brand"] is None
    assert (await shop.checked(typed="别家"))["fact"] == "not_permitted"
    assert shop.weibo.asked == []
