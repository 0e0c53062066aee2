"""The languages a command may be asked for."""

from enum import StrEnum


class Language(StrEnum):
    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"
