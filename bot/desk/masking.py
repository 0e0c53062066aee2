"""Personal data as it is shown before somebody asks for it on the record.

Masked for everybody: what names a person outside the shop's own account. Masked besides for those who may not
reveal: the shop's account, and in free text whatever looks like a number, an address or a handle.
"""

import re
from collections.abc import Callable

HIDDEN = "•"

_NUMBER = re.compile(r"(?<![\w.,])\+?\d(?:[ -]?\d){6,}(?:[Xx]\b)?", re.ASCII)
_LICENCE = re.compile(r"\b(?=[0-9A-HJ-NPQRTUWXY]*\d)[0-9A-HJ-NPQRTUWXY]{18}\b", re.ASCII)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"@[\w-]{2,}")


def phone(number: str) -> str:
    """First three and last two digits, as people tell numbers apart.

    >>> phone("138 1234 5678"), phone("12345")
    ('138••••••78', '•••••')
    """
    digits = re.sub(r"\D", "", number)
    if len(digits) < 7:
        return HIDDEN * len(digits)
    return f"{digits[:3]}{HIDDEN * (len(digits) - 5)}{digits[-2:]}"


def number(text: str) -> str:
    """A licence or identity number: the last four characters.

    >>> number("91350100M000100Y43")
    '••••••••••••••0Y43'
    """
    kept = text[-4:] if len(text) >= 8 else ""
    return HIDDEN * (len(text) - len(kept)) + kept


def name(text: str) -> str:
    """The first character; how long a name is tells something too.

    >>> name("王小明"), name("Ann Lee"), name("")
    ('王••', 'A••', '')
    """
    return f"{text[0]}{HIDDEN * 2}" if text else ""


def handle(text: str) -> str:
    """
    >>> handle("@小夏Xia"), handle("2803301701")
    ('@小••', '2••')
    """
    return f"@{name(text[1:])}" if text.startswith("@") else name(text)


#: answers that are masked for everybody until they are revealed, and how
PERSONAL: dict[str, Callable[[str], str]] = {"personal_account": handle, "licence_number": number}
#: answers that only those see who may reveal
OF_THE_SHOP: dict[str, Callable[[str], str]] = {"brand_account": handle}


def answer(step: str, value: str, *, reveals: bool) -> str:
    """An answer as it is first shown to somebody who may reveal personal data, or may not."""
    mask = PERSONAL.get(step) or (None if reveals else OF_THE_SHOP.get(step))
    return mask(value) if mask else value


def words(text: str, *, reveals: bool) -> str:
    """What was said, as it is shown; who may not reveal sees no number, address or handle in it.

    >>> words("微信 13812345678，找 @xiaoxia", reveals=False)
    '微信 138••••••78，找 @x••'
    >>> words("营业额 130,000 元，2026-11-23", reveals=False)
    '营业额 130,000 元，2026-11-23'
    """
    if reveals:
        return text
    text = _MAIL.sub(lambda found: handle(found[0]), text)
    text = _LICENCE.sub(lambda found: number(found[0]), text)
    text = _NUMBER.sub(lambda found: _dated(found[0]), text)
    return _HANDLE.sub(lambda found: handle(found[0]), text)


def _dated(digits: str) -> str:
    """A date is no number of a person's."""
    return digits if re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d", digits) else phone(digits)
