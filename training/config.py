"""Settings from the environment; an unknown or malformed one refuses to start and says which."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from training.mail.settings import Log, MailUrlRefused, SenderRefused, read_mail
from training.mail.vapid import PushKeyRefused, public_key

PACKAGE = Path(__file__).parent
ENVIRONMENTS = ("development", "production")
PREFIX = "TRAINING_"
DEVELOPMENT_KEY = "development only, never in production"
# The tests read this one themselves; it is known here so that it may stand in the environment.
FOR_TESTS = {"TRAINING_TEST_DATABASE_URL"}


class SettingRefused(Exception):
    """The programme cannot start because a setting is unknown, missing or malformed."""


def shipped(name: str) -> Path:
    """Return a folder that stands beside the package in a checkout and inside it once installed."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / f"_{name}"


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked."""

    database_url: str = "sqlite:///instance/training.sqlite"
    secret_key: str = DEVELOPMENT_KEY
    base_url: str = "http://127.0.0.1:8000"
    content_dir: Path = field(default_factory=lambda: shipped("content"))
    time_zone: str = "Europe/London"
    env: str = "development"
    proxies: int = 0
    # It may hold a password: nothing that prints settings prints it.
    mail_url: str = field(default="", repr=False)
    mail_from: str = ""
    vapid_private_key: str = field(default="", repr=False)
    show_unreviewed_translations: bool = False
    pseudo_language: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether people reach the service over https."""
        return self.base_url.startswith("https://")

    @property
    def is_production(self) -> bool:
        """Whether real people's records are kept here."""
        return self.env == "production"

    @property
    def is_pseudo(self) -> bool:
        """Whether all pages are in a made-up language from right to left, which shows what is not translatable."""
        return bool(self.pseudo_language)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is one file, which one process serves."""
        return self.database_url.startswith("sqlite")

    @property
    def mail(self) -> str:
        """Where mail goes: unless it is set, to the log in development and nowhere in production."""
        return self.mail_url or ("" if self.is_production else "log://")

    @property
    def push_key(self) -> str:
        """The key that browsers are asked with for messages to phones, none where there are no such messages."""
        return public_key(self.vapid_private_key) if self.vapid_private_key else ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Read the `TRAINING_...` variables.

        Raises:
            SettingRefused: naming the variable, what is wrong with it and what would do.
        """
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and name not in FOR_TESTS}
        fields = {f"{PREFIX}{name.upper()}": name for name in cls.__dataclass_fields__}
        for name in given:
            if name not in fields:
                raise SettingRefused(f"{name} is not a setting. Known settings: {', '.join(sorted(fields))}.")
        values: dict = {fields[name]: value for name, value in given.items()}
        if "proxies" in values:
            values["proxies"] = read_proxies(values["proxies"])
        if "show_unreviewed_translations" in values:
            values["show_unreviewed_translations"] = read_yes_or_no(values["show_unreviewed_translations"])
        if "content_dir" in values:
            values["content_dir"] = Path(values["content_dir"])
        config = cls(**values)
        check(config, given=set(values))
        return config


def read_proxies(text: str) -> int:
    """Return how many proxies stand in front of the service."""
    if not re.fullmatch(r"[0-9]", text):
        raise SettingRefused(f"TRAINING_PROXIES is {text!r}; use the number of proxies in front, such as 0 or 1.")
    return int(text)


def read_yes_or_no(text: str) -> bool:
    """Return whether translations that nobody has reviewed are shown."""
    if text not in {"yes", "no"}:
        raise SettingRefused(f"TRAINING_SHOW_UNREVIEWED_TRANSLATIONS is {text!r}; use yes or no.")
    return text == "yes"


def check(config: Config, *, given: set[str]) -> None:
    """Refuse settings that could not work, or would not be safe in production."""
    try:
        address = urlsplit(config.base_url)
    except ValueError as error:
        raise SettingRefused(f"TRAINING_BASE_URL is {config.base_url!r}, which is no address.") from error
    if config.env not in ENVIRONMENTS:
        raise SettingRefused(f"TRAINING_ENV is {config.env!r}; use one of: {', '.join(ENVIRONMENTS)}.")
    if address.scheme not in {"http", "https"} or not address.netloc or address.path not in {"", "/"}:
        raise SettingRefused(
            "TRAINING_BASE_URL must be an address such as https://training.example.org, without a path."
        )
    if not config.content_dir.is_dir():
        raise SettingRefused(f"TRAINING_CONTENT_DIR is {config.content_dir}, which is not a folder.")
    if not config.database_url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise SettingRefused("TRAINING_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    try:
        ZoneInfo(config.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingRefused(f"TRAINING_TIME_ZONE is {config.time_zone!r}, which is not a time zone.") from error
    check_mail(config)
    check_push(config)
    if config.is_production:
        check_production(config, given=given)


def check_mail(config: Config) -> None:
    """Refuse a mail server that could not work, and in production a log that would pass for one."""
    try:
        place, _ = read_mail(config.mail_url, sender=config.mail_from)
    except MailUrlRefused as refusal:
        raise SettingRefused(f"TRAINING_MAIL_URL {refusal}") from refusal
    except SenderRefused as refusal:
        raise SettingRefused(f"TRAINING_MAIL_FROM {refusal}") from refusal
    if config.is_production and isinstance(place, Log):
        raise SettingRefused("TRAINING_MAIL_URL is log://, which sends nothing: in production, name a mail server.")


def check_push(config: Config) -> None:
    """Refuse a key for messages to phones that is none."""
    try:
        _ = config.push_key
    except PushKeyRefused as refusal:
        raise SettingRefused(f"TRAINING_VAPID_PRIVATE_KEY {refusal}") from refusal


def check_production(config: Config, *, given: set[str]) -> None:
    """Refuse what is only fit for trying the service out."""
    if "secret_key" not in given or len(config.secret_key) < 32:
        raise SettingRefused("TRAINING_SECRET_KEY must be set to at least 32 random characters in production.")
    if not config.is_secure:
        raise SettingRefused("TRAINING_BASE_URL must begin with https:// in production.")
    if config.is_pseudo:
        raise SettingRefused("TRAINING_PSEUDO_LANGUAGE is for those who build the pages; take it away in production.")
