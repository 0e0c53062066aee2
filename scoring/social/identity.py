"""What Weibo says the account is."""

from scoring.snapshot import ENTERPRISE
from scoring.social.view import View


def enterprise(view: View) -> float:
    return float(view.account.verified_type == ENTERPRISE)
