"""What a points table may score by."""

from scoring import registry, scorecard


def test_the_packaged_table_scores_by_declared_features_only() -> None:
    scored = {row.name for row in scorecard.load().table.features}
    assert scored <= registry.names()
