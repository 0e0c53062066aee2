"""How a figure is declared before it may enter the score; an attribute of a person cannot be."""

from dataclasses import dataclass

#: Words that may not occur in the name of a feature or of an answer: scoring a person by them is excluded.
FORBIDDEN = frozenset(
    {
        *("age", "gender", "sex", "marital", "married", "marriage", "spouse", "wife", "husband"),
        *("child", "children", "family", "religion", "faith", "belief", "ethnicity", "ethnic", "race"),
        *(
            "nationality",
            "health",
            "disease",
            "blood",
            "gene",
            "genetic",
            "fingerprint",
            "politics",
            "device",
        ),
    }
)


class ForbiddenFeature(ValueError):
    """A feature was declared that may not be scored."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One figure of an applicant, as declared; its meaning is `feature.<name>` of the locale files."""

    name: str
    id: str  #: in the underwriting rules, "f19"
    group: str  #: "business", or one of the social groups: "scale", "content", ...
    formula: str
    unit: str  #: "share", "days", "log of followers" ...
    window: int | None = None  #: days looked back, None for "as of now"
    spared: int = 0  #: of these days, the latest that are left out
    direction: int  #: +1 when more of it speaks for the merchant, -1 against, 0 when nothing is assumed
    missing: str  #: when it is None

    def __post_init__(self) -> None:
        if forbidden := FORBIDDEN & set(self.name.lower().split("_")):
            raise ForbiddenFeature(f"{self.name}: nobody is scored by {', '.join(sorted(forbidden))}")
