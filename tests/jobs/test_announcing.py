"""What a worker says of itself: which database, which works, and nothing secret."""

from datetime import timedelta

import pytest

from training.config import Config
from training.jobs.announcing import how_often, what_is_served


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////var/lib/training.sqlite", "SQLite, /var/lib/training.sqlite, by its own clock"),
        ("postgresql://boss:secret@db.example:5433/training?password=hidden", "PostgreSQL, training on db.example, "),
        ("postgresql:///training?host=/run/pg", "PostgreSQL, training, by the queue in it"),
    ],
)
def test_a_worker_says_what_it_serves_in_one_line_and_no_secret(url, said):
    line = what_is_served(Config(database_url=url))
    assert said in line
    assert "\n" not in line
    for secret in ("secret", "hidden", "boss"):
        assert secret not in line
    assert "roll-over every 5 minutes" in line
    assert "reconcile and counters every hour" in line
    assert "reminders and long-work and long-work-beside every minute" in line
    assert "Europe/London" in line


def test_a_worker_says_where_it_cannot_send_mail():
    assert "no mail server is set up" in what_is_served(Config())
    assert "mail" not in what_is_served(Config(mail_url="smtp://u:secret@mail.example"))


@pytest.mark.parametrize(("minutes", "words"), [(1, "every minute"), (5, "every 5 minutes"), (60, "every hour")])
def test_an_interval_is_said_in_words(minutes, words):
    assert how_often(timedelta(minutes=minutes)) == words
