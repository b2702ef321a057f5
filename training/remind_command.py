"""What `training remind` prints, and how it sends."""

from collections import Counter
from datetime import date, datetime

import click

from training import clock
from training.catalog.library import load_catalog
from training.config import Config
from training.db import Database
from training.domain.days import format_day
from training.domain.reminder_words import flood_question
from training.jobs.mailing import open_post
from training.services import reminders
from training.services.reminders import Plan


def preview(database: Database, *, config: Config, now: datetime, on: date | None) -> None:
    """Print what a run would send, and write nothing."""
    plans = reminders.plan(database, now=now, on=on, push_key=config.push_key)
    for plan in plans:
        say(plan)
    if not plans:
        click.echo("Nothing is due.")


def say(plan: Plan) -> None:
    """Print what one organisation's run would send."""
    click.echo(f"{plan.organisation}, {format_day(plan.day)}:")
    if not plan.is_on:
        click.echo("  messages are turned off: nothing would be sent")
    if plan.quiet_until is not None:
        click.echo(f"  quiet hours: nothing is sent before {plan.quiet_until:%H:%M} UTC")
    if plan.flood is not None:
        click.echo(f"  stops and asks: {flood_question(plan.flood)}")
    for name, items in plan.reminders:
        click.echo(f"  reminder to {name}: {', '.join(items)}")
    for name in plan.digests:
        click.echo(f"  weekly digest to {name}")
    for name in plan.unreachable:
        click.echo(f"  cannot be reached: {name}")


def send(database: Database, *, config: Config) -> None:
    """Send what is due, and print how many messages had which end."""
    post = open_post(config, catalog=load_catalog(config.content_dir))
    if post is not None:
        told = Counter(each.outcome.result.value for each in reminders.send_due(database, post=post, clock=clock.now))
        for result, count in sorted(told.items()):
            click.echo(f"{count} {result}")
        click.echo(f"{told.total()} messages were tried.")
