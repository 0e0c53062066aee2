"""One applicant on one day, and what the rules found: the values that every part of a decision works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from scoring import turnover
from scoring.application import Application
from scoring.decision import Check, Outcome, Reason
from scoring.features import Measured
from scoring.limits import Limit
from scoring.manner import UNKNOWN, Conversation
from scoring.policy import Grade
from scoring.scorecard import Scored
from scoring.trail import Trail
from scoring.turnover import Business


@dataclass(frozen=True)
class Case:
    """Everything known about one applicant on one day."""

    application: Application
    day: date
    social: Measured
    enterprise: bool  #: the shop's account is verified as a business
    has_brand: bool
    has_personal: bool
    unavailable: tuple[str, ...] = ()  #: accounts whose source failed or gave a part, "brand" or "personal"
    shown: Mapping[str, Any] = field(default_factory=dict)  #: of the accounts: `scoring.social.summary`
    supposed: Measured = field(default_factory=dict)  #: features set to a value, to see what would change
    trail: Trail | None = None  #: what the shop's own posts tell, where its account could be read
    conversation: Conversation = UNKNOWN  #: how the answers were given
    sources: Mapping[str, str] = field(default_factory=dict)  #: when each was read

    def with_application(self, application: Application) -> "Case":
        """The same applicant with other answers; `dataclasses.replace` takes five times as long."""
        other = object.__new__(Case)
        other.__dict__.update(self.__dict__, application=application)
        other.__dict__.pop("months_open", None)
        return other

    @cached_property
    def months_open(self) -> int | None:
        return turnover.months_open(self.application, self.day)


@dataclass(frozen=True)
class Verdict:
    """What the rules found; fields are None or empty where the case did not come so far."""

    outcome: Outcome
    rules: tuple[Reason, ...]
    business: Business | None = None
    features: Measured = field(default_factory=dict)
    scored: Scored | None = None
    grade: Grade | None = None
    checks: tuple[Check, ...] = ()
    limits: tuple[Limit, ...] = ()
    largest: Limit | None = None  #: of the limits, the one that is shown

    @property
    def limit(self) -> int:
        """The limit in fen, provisional while a person has not decided."""
        return self.largest.principal if self.largest and self.outcome is not Outcome.DECLINED else 0
