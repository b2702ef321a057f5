"""Reminders sent for real, through a mail server: nobody twice, nobody missed, whatever stops or fails half-way."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.mail.receiving import SENDER, receiving
from tests.services.stored import all_at_once, rows
from training.db import EVERYWHERE
from training.domain.mail import Outcome, Result
from training.domain.reminder import Topic
from training.domain.reminder_run import Limit
from training.jobs import schedule
from training.jobs.mailing import calendar_file
from training.jobs.means import Means
from training.jobs.schedule import run_once
from training.mail.rendering import render
from training.mail.smtp import SmtpMailer
from training.models import Employment, MessageRow, Organisation, Person, Reminder, RunApproval, StoppedRun
from training.services import absences, employments, exemptions, messages, reminders, runs, unsubscribes
from training.services.letters import Post
from training.services.messages import State
from training.services.organisations import NotAllowed, NotFound
from training.services.runs import Settings, WeekdayRefused

ONE_DAY = timedelta(days=1)
STEPS = [date(2026, 3, 2), date(2026, 3, 25), *(date(2026, 4, 1) + timedelta(weeks=week) for week in range(5))]
KEY = "a key that signs links, for tests only"


@pytest.fixture
def running():
    with receiving() as running:
        yield running


@pytest.fixture
def post(running, catalog) -> Post:
    return make_post(running, catalog)


def make_post(running, catalog, **changes) -> Post:
    return Post(
        **{
            "mailer": SmtpMailer(running.server(), sender=SENDER, tls=running.trust),
            "render": render,
            "calendar": calendar_file,
            "catalog": catalog,
            "base_url": "https://training.example.org",
            "secret_key": KEY,
        }
        | changes
    )


@pytest.fixture
def worker(database, home):
    """One person who has to do three items by 1 April."""
    return add(database, home, 1)[0]


def add(database, home, count, **fields):
    return [make_person(database, home, now=NOW, email=f"p{number}@home.example", **fields) for number in range(count)]


def run(database, post, now=NOW, **how):
    """Send what is due at an instant, and return what was tried."""
    return list(reminders.send_due(database, post=post, clock=lambda: now, **how))


def received(running, kind="reminder"):
    """Return the messages of a kind that the server took."""
    return [message for message in running.inbox.messages if message["Message-ID"].startswith(f"<{kind}-")]


def to_whom(running, kind="reminder"):
    return Counter(message["To"].addresses[0].addr_spec for message in received(running, kind))


def states(database, kind="reminder"):
    return Counter(row.status for row in rows(database, MessageRow, kind=kind))


def test_daily_runs_send_each_step_once_on_its_day(database, post, running, worker):  # noqa: ARG001
    days = []
    for number in range(75):
        before = len(received(running))
        for _twice in range(2):
            run(database, post, NOW + number * ONE_DAY)
        days += [(NOW + number * ONE_DAY).date()] * (len(received(running)) - before)
    assert days == STEPS
    assert len(rows(database, Reminder)) == 3 * len(STEPS)


def test_one_message_tells_of_every_item_and_carries_their_days(database, post, running, worker):  # noqa: ARG001
    run(database, post)
    (message,) = received(running)
    assert message["To"].addresses[0].addr_spec == "p0@home.example"
    assert message["List-Unsubscribe"] is None, "what is required cannot be turned off"
    text = message.get_body(("plain",)).get_content()
    assert text.count("By 1 Apr 2026.") == 3
    assert all(title in text for title in ("Every kind of question", "For everyone", "The story"))
    files = [each.get_payload(decode=True) for each in message.iter_attachments()]
    assert len(files) == 3
    assert all(b"DTSTART;VALUE=DATE:20260401" in each for each in files)


def test_what_was_missed_is_sent_as_one_latest_step(database, post, running, worker):  # noqa: ARG001
    run(database, post, NOW + timedelta(days=50))
    assert {row.step for row in rows(database, Reminder)} == {"2-weeks-after"}
    assert len(received(running)) == 1


def test_what_was_last_said_years_ago_is_not_said_again_and_holds_up_nothing_new(
    database, post, running, catalog, home, worker
):
    later = NOW + timedelta(days=1200)
    exemptions.add_exemption(
        database,
        viewer=home.viewer,
        catalog=catalog,
        person_id=worker.person_id,
        item="the-story",
        starts_on=NOW.date(),
        ends_on=later.date(),
        who="",
        why="Another site teaches it.",
        now=NOW,
    )
    run(database, post, NOW + 60 * ONE_DAY)
    assert len(received(running)) == 1
    assert [plan.reminders for plan in reminders.plan(database, now=later)] == [()]
    run(database, post, later + ONE_DAY)
    _, message = received(running)
    assert "The story" in message.get_body(("plain",)).get_content()


def test_whoever_comes_back_after_it_ran_out_is_not_told_that_they_do_it_for_the_first_time(
    database, post, running, catalog, home, worker
):
    learn(database, worker, catalog=catalog, slug="for-everyone", now=NOW)
    (job,) = rows(database, Employment, person_id=worker.person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=NOW.date(), now=NOW)
    back = NOW + 500 * ONE_DAY
    same = {"job_title_id": job.job_title_id, "site_id": job.site_id}
    employments.add_job(
        database, viewer=home.viewer, person_id=worker.person_id, starts_on=back.date(), now=back, **same
    )
    run(database, post, back)
    (message,) = received(running)
    text = message.get_body(("plain",)).get_content()
    assert text.count("For everyone") == 1
    assert text.count("for the first time") == 2, "the two items that were never passed"


def test_whoever_passed_is_reminded_of_the_rest_alone(database, post, running, catalog, worker):
    learn(database, worker, catalog=catalog, slug="for-everyone", now=NOW)
    run(database, post)
    assert {row.item for row in rows(database, Reminder)} == {"every-kind", "the-story"}
    assert "For everyone" not in received(running)[0].get_body(("plain",)).get_content()


def test_two_runs_at_once_send_once(database, post, running, home):
    add(database, home, 8)
    said = all_at_once(*[lambda: run(database, post)] * 3)
    assert all(isinstance(each, list) for each in said)
    assert to_whom(running) == {f"p{number}@home.example": 1 for number in range(8)}
    assert sum(len(each) for each in said) == 8 + 1, "eight people, and the manager's digest"


def test_a_server_that_fails_half_way_leaves_nobody_out_and_tells_nobody_twice(database, post, running, home):
    add(database, home, 6)
    running.inbox.data += ["250 OK", "451 busy", "250 OK", "451 busy", "451 busy", "250 OK"]
    run(database, post)
    assert states(database)[State.LATER] + states(database, "digest")[State.LATER] == 3
    for minutes in (1, 2, 11, 12, 72):
        run(database, post, NOW + timedelta(minutes=minutes))
    assert to_whom(running) == {f"p{number}@home.example": 1 for number in range(6)}
    assert to_whom(running, "digest") == {"manager@home.example": 1}
    assert states(database) == {State.SENT: 6}


def test_a_server_that_hangs_up_in_the_midst_leaves_nobody_out(database, post, running, home):
    add(database, home, 4)
    running.inbox.hang_up_at["rcpt"] = 3
    for minutes in (0, 1, 11, 71):
        run(database, post, NOW + timedelta(minutes=minutes))
    assert to_whom(running) == {f"p{number}@home.example": 1 for number in range(4)}


def test_a_lost_answer_is_recorded_as_unknown_and_not_sent_again(database, post, running, worker, home):  # noqa: ARG001
    running.inbox.hang_up_at["end"] = 1
    for number in range(5):
        run(database, post, NOW + number * ONE_DAY)
    assert states(database) == {State.UNKNOWN: 1}
    assert len(received(running)) == 1
    page = runs.messages_page(database, viewer=home.viewer, today=NOW.date(), now=NOW)
    assert [each.may_try_again for each in page.undelivered] == [False]


def test_waits_grow_and_a_message_is_given_up_after_the_last(database, post, running, worker, home):  # noqa: ARG001
    running.inbox.rcpt["p0@home.example"] = ["451 not now"]
    now, waits = NOW, []
    for _ in range(6):
        run(database, post, now)
        (row,) = rows(database, MessageRow, kind="reminder")
        waits.append(row.next_try_at - now)
        assert run(database, post, row.next_try_at - timedelta(seconds=1)) == []
        now = max(row.next_try_at, now)
        while now.hour >= 20 or now.hour < 8:
            now += timedelta(hours=1)
    assert (row.status, row.tries) == (State.GIVEN_UP, 6)
    assert waits[:5] == list(messages.BACK_OFF)
    assert rows(database, Reminder) == [], "what reached nobody may be said by the next message"
    assert failed(database, home, now=now) == 1
    running.inbox.rcpt.clear()
    run(database, post, now + timedelta(days=2))
    assert to_whom(running) == {"p0@home.example": 1}


def test_an_address_refused_for_good_is_shown_until_it_is_mended(database, post, running, worker, home):
    running.inbox.rcpt["p0@home.example"] = ["550 no such user"]
    for number in range(3):
        run(database, post, NOW + number * ONE_DAY)
    assert states(database) == {State.REFUSED: 1}
    (shown,) = runs.messages_page(database, viewer=home.viewer, today=NOW.date(), now=NOW).undelivered
    assert (shown.person_id, shown.state) == (worker.person_id, State.REFUSED)
    assert "550" in shown.why
    mend = update(Person).where(Person.id == worker.person_id)
    with database.write(EVERYWHERE) as session:
        session.execute(mend.values(email="new@home.example"))
    run(database, post, NOW + 3 * ONE_DAY)
    assert to_whom(running) == {"new@home.example": 1}
    assert failed(database, home, now=NOW + 3 * ONE_DAY) == 0


def test_a_manager_may_have_a_refused_message_tried_again(database, post, running, worker, home, neighbour):  # noqa: ARG001
    running.inbox.rcpt["p0@home.example"] = ["550 no such user", "250 OK"]
    run(database, post)
    (row,) = rows(database, MessageRow, kind="reminder")
    with pytest.raises(NotFound):
        runs.try_again(database, viewer=neighbour.viewer, message_id=row.id, now=NOW)
    runs.try_again(database, viewer=home.viewer, message_id=row.id, now=NOW)
    run(database, post)
    assert to_whom(running) == {"p0@home.example": 1}
    with pytest.raises(NotFound):
        runs.try_again(database, viewer=home.viewer, message_id=row.id, now=NOW)


def failed(database, home, *, now):
    """Count what the manager sees as not delivered."""
    return runs.messages_page(database, viewer=home.viewer, today=now.date(), now=now).failed


class Killed(BaseException):
    """What stops a process in the midst of its work."""


class Deadly:
    """A mailer under which the process ends: before anything goes out, or once it has gone."""

    def __init__(self, mailer, *, after_sending):
        self.mailer, self.after_sending = mailer, after_sending

    def batch(self):
        self.opened = self.mailer.batch()
        return self

    def __enter__(self):
        self.inner = self.opened.__enter__()
        return self

    def __exit__(self, *how):
        return self.opened.__exit__(*how)

    def send(self, message):
        if self.after_sending:
            self.inner.send(message)
        raise Killed


@pytest.mark.parametrize("after_sending", [False, True])
def test_a_process_killed_between_claim_and_answer_sends_nothing_twice(
    database, post, running, catalog, home, after_sending
):
    add(database, home, 3)
    with pytest.raises(Killed):
        run(database, make_post(running, catalog, mailer=Deadly(post.mailer, after_sending=after_sending)))
    assert states(database) == {State.WAITING: 1}
    run(database, post)
    run(database, post, NOW + messages.LEASE)
    assert states(database) == {State.SENT: 2, State.UNKNOWN: 1}
    assert set(to_whom(running).values()) == {1}
    assert len(received(running)) == (3 if after_sending else 2)
    assert failed(database, home, now=NOW) == 1


def test_a_flood_stops_and_asks_and_goes_on_once_approved(database, post, running, home, worker):
    add_many = [make_person(database, home, now=NOW, email=f"many{number}@home.example") for number in range(21)]
    (planned,) = reminders.plan(database, now=NOW)
    assert (planned.flood.people, planned.flood.limit) == (22, Limit.MOST_OF_THEM)
    for _ in range(2):
        run(database, post, once_a_day=True)
    assert received(running) == []
    assert rows(database, Reminder) == []
    assert [row.people for row in rows(database, StoppedRun)] == [22]
    assert len(received(running, "digest")) == 1, "managers' digests are no flood"
    approve = {"today": NOW.date(), "now": NOW}
    with pytest.raises(NotAllowed):
        runs.approve_run(database, viewer=worker, people=22, **approve)
    with pytest.raises(NotFound):
        runs.approve_run(database, viewer=home.viewer, people=23, **approve)
    runs.approve_run(database, viewer=home.viewer, people=22, **approve)
    assert [row.approved_by for row in rows(database, RunApproval)] == [home.viewer.person_id]
    run(database, post, once_a_day=True)
    assert set(to_whom(running).values()) == {1}
    assert len(received(running)) == len(add_many) + 1


def test_nothing_is_sent_in_quiet_hours_and_all_of_it_after(database, post, running, worker):  # noqa: ARG001
    for hour in (5, 7, 20, 23):
        assert run(database, post, NOW.replace(hour=hour)) == []
    assert run(database, post, NOW.replace(hour=8)) != []
    assert len(received(running)) == 1


def test_quiet_hours_that_begin_in_the_midst_of_a_run_stop_it(database, post, running, home):
    add(database, home, 4)
    late, quiet = NOW.replace(hour=19, minute=59), NOW.replace(hour=20)
    list(reminders.send_due(database, post=post, clock=lambda: quiet if received(running) else late))
    assert len(received(running)) == 1
    run(database, post, NOW + ONE_DAY)
    assert set(to_whom(running).values()) == {1}
    assert len(received(running)) == 4


def test_settings_are_the_organisations_own(database, post, running, worker, home):
    wanted = Settings(
        reminders_on=False, quiet_from=NOW.time(), quiet_until=NOW.replace(hour=12).time(), digest_weekday=3
    )
    runs.change_settings(database, viewer=home.viewer, settings=wanted, now=NOW)
    assert run(database, post, NOW.replace(hour=13)) == []
    runs.change_settings(database, viewer=home.viewer, settings=replace(wanted, reminders_on=True), now=NOW)
    assert run(database, post, NOW) == []
    run(database, post, NOW.replace(hour=13))
    assert (len(received(running)), len(received(running, "digest"))) == (1, 0)
    run(database, post, NOW.replace(hour=13) + 2 * ONE_DAY)
    assert len(received(running, "digest")) == 1
    with pytest.raises(NotAllowed):
        runs.change_settings(database, viewer=worker, settings=wanted, now=NOW)
    with pytest.raises(WeekdayRefused):
        runs.change_settings(database, viewer=home.viewer, settings=replace(wanted, digest_weekday=8), now=NOW)


def test_news_of_an_open_window_may_be_turned_off_and_the_rest_not(database, post, running, catalog, home):
    worker, other = add(database, home, 2)
    for item in ("every-kind", "for-everyone", "the-story"):
        for person in (worker, other):
            learn(database, person, catalog=catalog, slug=item, now=NOW)
    opens = NOW + timedelta(days=364 - 90)
    organisation_id, person_id = home.viewer.organisation_id, worker.person_id
    token = unsubscribes.make_token(KEY, organisation_id=organisation_id, person_id=person_id, topic=Topic.WINDOW_NEWS)
    subscription = unsubscribes.read_subscription(database, secret_key=KEY, token=token)
    for _ in range(2):
        unsubscribes.change_subscription(database, subscription=subscription, on=False, now=NOW)
    run(database, post, opens)
    assert to_whom(running) == {"p1@home.example": 1}
    assert received(running)[0]["List-Unsubscribe"].startswith("<https://training.example.org/unsubscribe/")
    assert received(running)[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    run(database, post, opens + timedelta(days=60))
    assert to_whom(running) == {"p0@home.example": 1, "p1@home.example": 2}
    with pytest.raises(NotFound):
        unsubscribes.read_subscription(database, secret_key="another", token=token)


def test_nobody_on_leave_is_chased_and_the_latest_step_waits_for_them(database, post, running, worker, home):
    back = NOW.date() + timedelta(days=90)
    absences.add_absence(
        database,
        viewer=home.viewer,
        person_id=worker.person_id,
        starts_on=NOW.date(),
        ends_on=back - ONE_DAY,
        now=NOW,
    )
    for number in range(90):
        run(database, post, NOW + number * ONE_DAY - timedelta(hours=1))
    assert received(running) == []
    for number in range(90, 95):
        run(database, post, NOW + number * ONE_DAY)
    assert len(received(running)) == 1


def test_somebody_without_an_address_is_told_of_and_heard_once_there_is_one(database, post, running, home):
    person = make_person(database, home, now=NOW, name="Ann Unreachable")
    (planned,) = reminders.plan(database, now=NOW)
    assert (planned.unreachable, planned.reminders) == (("Ann Unreachable",), ())
    run(database, post)
    assert (received(running), rows(database, Reminder)) == ([], [])
    with database.write(EVERYWHERE) as session:
        session.execute(update(Person).where(Person.id == person.person_id).values(email="ann@home.example"))
    run(database, post)
    assert to_whom(running) == {"ann@home.example": 1}


def test_a_dry_run_says_what_a_run_would_do_and_writes_nothing(database, running, worker, home):
    (planned,) = reminders.plan(database, now=NOW)
    assert planned.reminders == ((worker.name, ("every-kind", "for-everyone", "the-story")),)
    assert planned.digests == (home.viewer.name,)
    (later,) = reminders.plan(database, now=NOW, on=date(2026, 4, 1))
    assert later.reminders == planned.reminders
    assert rows(database, MessageRow) == []
    assert running.inbox.taken == []


def test_digests_go_out_once_a_week_and_can_be_turned_off(database, post, running, worker, home):  # noqa: ARG001
    for number in range(21):
        run(database, post, NOW + number * ONE_DAY)
    assert to_whom(running, "digest") == {"manager@home.example": 3}
    digest = received(running, "digest")[-1]
    assert worker.name not in digest["Subject"]
    assert worker.name in digest.get_body(("plain",)).get_content()
    token = digest["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    subscription = unsubscribes.read_subscription(database, secret_key=KEY, token=token)
    unsubscribes.change_subscription(database, subscription=subscription, on=False, now=NOW)
    run(database, post, NOW + 21 * ONE_DAY)
    assert to_whom(running, "digest") == {"manager@home.example": 3}
    unsubscribes.change_subscription(database, subscription=subscription, on=True, now=NOW)
    run(database, post, NOW + 22 * ONE_DAY)
    assert to_whom(running, "digest") == {"manager@home.example": 4}


def test_a_day_of_twenty_five_hours_has_one_message(database, post, running, home):
    add(database, home, 1, starts_on=date(2026, 9, 25))
    begins = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    for half_hours in range(51):
        run(database, post, begins + half_hours * timedelta(minutes=30))
    assert len(received(running)) == 1
    assert {row.day for row in rows(database, MessageRow, kind="reminder")} == {date(2026, 10, 25)}
    assert received(running)[0]["Date"]


def test_a_day_is_looked_through_once_and_what_failed_is_still_tried(database, post, running, worker, home):  # noqa: ARG001
    running.inbox.rcpt["p0@home.example"] = ["451 not now", "250 OK"]
    run(database, post, once_a_day=True)
    make_person(database, home, now=NOW, email="new@home.example")
    run(database, post, NOW + timedelta(minutes=1), once_a_day=True)
    assert to_whom(running) == {"p0@home.example": 1}
    assert [row.reminded_on for row in rows(database, Organisation, slug="home")] == [NOW.date()]
    run(database, post, NOW + ONE_DAY, once_a_day=True)
    assert to_whom(running) == {"p0@home.example": 1, "new@home.example": 1}


def test_what_is_done_meanwhile_is_not_tried_again(database, post, running, catalog, worker):
    running.inbox.rcpt["p0@home.example"] = ["451 not now", "250 OK"]
    run(database, post)
    for item in ("every-kind", "for-everyone", "the-story"):
        learn(database, worker, catalog=catalog, slug=item, now=NOW)
    run(database, post, NOW + timedelta(minutes=1))
    assert received(running) == []
    assert states(database) == {State.DROPPED: 1}


def test_the_clock_sends_where_there_is_a_post_and_says_so_where_there_is_none(database, post, running, worker):  # noqa: ARG001
    (work,) = [each for each in schedule.WORKS if each.name == "reminders"]
    how = {"work": work, "clock": lambda: NOW, "who": "a test"}
    assert run_once(Means(database), **how)
    assert received(running) == []
    assert run_once(Means(database, post), **how)
    assert len(received(running)) == 1


def test_what_follows_each_answer():
    now = NOW
    later = Outcome(Result.LATER, "busy")
    assert messages.what_follows(later, tries=1, now=now) == (State.LATER, now + timedelta(minutes=1), "busy")
    assert messages.what_follows(later, tries=6, now=now)[0] is State.GIVEN_UP
    assert messages.what_follows(Outcome(Result.SENT), tries=3, now=now) == (State.SENT, None, "")
