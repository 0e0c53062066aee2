"""Figures of an applicant by name: `brand_...` and `personal_...` of social accounts, others of the shop."""

from collections.abc import Mapping

Measured = Mapping[str, float | None]  #: None where there is no evidence
