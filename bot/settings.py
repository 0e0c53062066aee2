"""Settings: the only reader of the environment. A wrong value stops the start with the setting's name."""

import re
from enum import StrEnum
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from conversations.hours import Hours

_DATABASE = re.compile(
    r"sqlite\+aiosqlite:///(?!:memory:).+"
    r"|postgresql\+asyncpg://([^/]*@)?(\[[^]/]+\]|[^/:@]*)(:[0-9]{1,5})?/.+"
)
_ADDRESS = re.compile(r"https?://[^/\s?#]+(/[^\s?#]*)?")

AROUND_THE_CLOCK = "1-7 00:00-24:00"


class TelegramMode(StrEnum):
    POLLING = "polling"
    WEBHOOK = "webhook"


class SettingsError(ValueError):
    """One line per setting that is missing or wrong."""


class Settings(BaseSettings):
    """What an operator decides, from `BANGBANG_...` variables or `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="BANGBANG_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    database_url: str = "sqlite+aiosqlite:///bangbang-data/bangbang.db"
    secret_key: SecretStr = Field(default=SecretStr(""), description="at least 32 random characters")
    public_url: str = "http://127.0.0.1:8080"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    #: networks, with commas between them, whose word about where a visitor comes from is taken
    trusted_proxies: str = "127.0.0.0/8,::1/128"
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: TelegramMode = TelegramMode.POLLING
    telegram_webhook_secret: SecretStr | None = None
    #: chat id of the supergroup with topics from which staff may work
    telegram_desk: int | None = None
    weibo_api_url: str = "https://api.weibo.com"
    weibo_app_key: str = ""
    weibo_app_secret: SecretStr = SecretStr("")
    products_file: Path | None = None
    policy_file: Path | None = None
    model_file: Path | None = None
    desk_hours: str = AROUND_THE_CLOCK  #: days of the week and a span of the day, in China
    desk_holidays: str = ""  #: dates on which nobody is at the desk, with commas between them
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, url: str) -> str:
        """Which database, and where; the URL is never repeated, for it may hold a password."""
        if not _DATABASE.fullmatch(url):
            raise ValueError("should be sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER@HOST:PORT/NAME")
        if url.startswith("postgresql") and find_spec("asyncpg") is None:
            raise ValueError("needs asyncpg for PostgreSQL: install bangbang[scale]")
        return url

    @field_validator("public_url", "telegram_api_url", "weibo_api_url")
    @classmethod
    def _address_is_whole(cls, url: str) -> str:
        if not _ADDRESS.fullmatch(url):
            raise ValueError("should be an address that begins with https:// (or http://)")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, networks: str) -> str:
        try:
            for network in networks.split(","):
                ip_network(network.strip())
        except ValueError:
            raise ValueError("should be networks like 127.0.0.0/8,172.16.0.0/12") from None
        return networks

    @field_validator("desk_hours")
    @classmethod
    def _hours_can_be_read(cls, hours: str) -> str:
        try:
            Hours.read(hours)
        except ValueError:
            raise ValueError("should be days and hours like 1-5 09:00-18:00, where 1 is Monday") from None
        return hours

    @field_validator("desk_holidays")
    @classmethod
    def _holidays_are_dates(cls, holidays: str) -> str:
        try:
            Hours.read(AROUND_THE_CLOCK, holidays)
        except ValueError:
            raise ValueError("should be dates like 2027-01-01,2027-02-17") from None
        return holidays

    def hours(self) -> Hours:
        """When colleagues sit at the desk."""
        return Hours.read(self.desk_hours, self.desk_holidays)

    @field_validator("telegram_desk", mode="before")
    @classmethod
    def _group_has_a_number(cls, given: object) -> object:
        if given is not None and not re.fullmatch("-[1-9][0-9]{0,17}", str(given)):
            raise ValueError("should be the chat id of a supergroup, like -1001234567890")
        return given

    @field_validator("products_file", "policy_file", "model_file")
    @classmethod
    def _file_opens(cls, file: Path | None) -> Path | None:
        try:
            if file is not None:
                file.open("rb").close()
        except OSError as wrong:
            raise ValueError(f"{file} cannot be read ({wrong.strerror})") from None
        return file

    @model_validator(mode="after")
    def _webhook_needs_a_secret(self) -> Self:
        if self.telegram_mode is TelegramMode.WEBHOOK and self.telegram_token:
            secret = self.telegram_webhook_secret
            if secret is None or not re.fullmatch("[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
                raise ValueError(
                    "BANGBANG_TELEGRAM_WEBHOOK_SECRET must hold 16 to 256 characters"
                    " of A-Z a-z 0-9 _ - in webhook mode"
                )
        return self

    @model_validator(mode="after")
    def _group_needs_a_bot(self) -> Self:
        if self.telegram_desk is not None and self.telegram_token is None:
            raise ValueError(
                "BANGBANG_TELEGRAM_DESK needs BANGBANG_TELEGRAM_TOKEN, whose bot is in that group"
            )
        return self


def read(**given: object) -> Settings:
    """The settings of this process; `given` values win over the environment.

    Raises:
        SettingsError: naming every setting at fault and what it should hold.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks each value itself
    except ValidationError as error:
        raise SettingsError("\n".join(_line(dict(fault)) for fault in error.errors())) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: should hold UTF-8 text") from None


def _line(fault: dict[str, object]) -> str:
    where = fault["loc"]
    name = f"BANGBANG_{str(where[0]).upper()}: " if isinstance(where, tuple) and where else ""
    return f"{name}{str(fault['msg']).removeprefix('Value error, ')}"
