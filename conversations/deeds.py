"""What goes on record: every deed at the desk that somebody may one day ask about."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, str | int | bool | None]  #: codes and figures, nothing personal
NOBODY, SYSTEM, OPERATOR = "nobody", "system", "operator"  #: who acts when it is no member of staff


class Deed(StrEnum):
    # who came in, and how
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED_OUT = "locked_out"
    SIGNED_OUT = "signed_out"
    CONFIRMED = "confirmed"  #: gave password or code again before administering
    DENIED = "denied"  #: asked for what their role may not do
    INVITED = "invited"
    JOINED = "joined"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of a deed
    TWO_STEP_SET = "two_step_set"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSIONS_ENDED = "sessions_ended"
    LINKED = "linked"  #: showed which account on Telegram is theirs
    UNLINKED = "unlinked"
    ROLE_CHANGED = "role_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    RESET = "reset"  #: new secrets for somebody who lost theirs
    # what was looked at
    VIEWED = "viewed"  #: a conversation
    REVEALED = "revealed"  #: personal data that was masked
    SEARCHED = "searched"
    EXPORTED = "exported"
    # what was done
    TAKEN_OVER = "taken_over"
    WROTE = "wrote"
    EDITED = "edited"
    ANSWERED = "answered"
    HANDED_BACK = "handed_back"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    FELL_SILENT = "fell_silent"
    CLOSED = "closed"
    SNOOZED = "snoozed"
    LABELLED = "labelled"
    NOTED = "noted"
    PROPOSED = "proposed"
    CONFIRMED_PROPOSAL = "confirmed_proposal"
    REFUSED_PROPOSAL = "refused_proposal"
    CONDITION = "condition"
    DECIDED = "decided"
    OVERRODE = "overrode"  #: sent what the guard had warned of
    CHANGED_REPLIES = "changed_replies"  #: the replies kept for everybody
