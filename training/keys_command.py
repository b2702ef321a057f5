"""The `training keys` command: makes the key that messages to phones are sent with, once."""

import click

from training.commanding import NotWell, settings

KEPT = """\
TRAINING_VAPID_PRIVATE_KEY is set and was left as it is: with another key, every phone that is reminded would have to be
turned on anew by its person. To begin with a new one all the same, take the setting away and run this again."""
ADVICE = """\
Keep this line with the other settings, wherever the service and its workers get them, and keep it secret. Phones know
the service by this key: one that is lost or changed has everybody turn their reminders on again."""


@click.command("keys")
def keys() -> None:
    """Make the key for reminders on phones and print it as a setting; one that is set is never replaced."""
    from training.mail.vapid import make_key

    if settings().vapid_private_key:
        raise NotWell(KEPT)
    click.echo(ADVICE, err=True)
    click.echo(f"TRAINING_VAPID_PRIVATE_KEY={make_key()}")
