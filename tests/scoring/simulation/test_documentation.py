"""docs/simulation.md is what the assumptions say."""

from pathlib import Path

from scoring.simulation import documentation

PAGE = Path(__file__).parents[3] / "docs" / "simulation.md"


def test_the_page_lists_the_assumptions_as_they_are() -> None:
    """Else: `python -m scoring.simulation.documentation > docs/simulation.md`."""
    assert PAGE.read_text("utf-8") == "".join(f"{line}\n" for line in documentation.page())
