"""What commands share: the settings, the database until the command ends, and how to say that something is not well."""

import os
from typing import TYPE_CHECKING

import click

from training.config import Config, SettingRefused

if TYPE_CHECKING:
    from training.db import Database


class NotWell(click.ClickException):
    """The thing asked about is not well."""

    exit_code = 1


def settings() -> Config:
    """Return the settings, or stop with what is wrong with them."""
    try:
        return Config.from_env(os.environ)
    except SettingRefused as refusal:
        raise click.UsageError(str(refusal)) from refusal


def open_database(config: Config) -> "Database":
    """Open the database of the settings until the command ends."""
    from training.db import Database

    database = Database(config.database_url)
    click.get_current_context().call_on_close(database.close)
    return database
