"""Reports made regularly: each day's once, in the morning, of whom their owner sees then, until they end."""

import json
import re
import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person, sign_in
from tests.mail.receiving import receiving
from tests.services.stored import all_at_once, how_many, rows
from tests.services.test_reminders import make_post
from training.db import EVERYWHERE
from training.domain.audit import Act, Actor
from training.domain.permission import PermissionKind
from training.domain.report_schedule import Recurrence, Rhythm
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.models import AuditEntry, Employment, MessageRow, Permission, Person, ReportSchedule, Task
from training.services import organisations, permissions, reminders, report_schedules, runs, tasks
from training.services.messages import State
from training.services.organisations import NotAllowed, NotFound
from training.services.report_kinds import KINDS as REPORTS
from training.services.report_schedules import MOST, NewSchedule, ScheduleRefused

ONE_DAY = timedelta(days=1)
MONDAYS = Recurrence(Rhythm.WEEKLY, 1)
# A Monday, half an hour after the day's turn in London.
MORNING = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
NOON = MORNING.replace(hour=12)


def add(database, viewer, **changes):
    wanted = {"report": "everybody", "asked": {}, "form": "json", "recurrence": MONDAYS, "starts_on": date(2026, 3, 2)}
    return report_schedules.add_schedule(database, viewer=viewer, new=NewSchedule(**wanted | changes), now=NOW)


def turn(database, now=MORNING) -> int:
    """Order what is due, and return how many reports."""
    return sum(report_schedules.order_due(database, now=now))


def make(database, catalog, now=MORNING) -> int:
    """Make what was ordered, and return how many files."""
    return do_orders(Means(database, catalog=catalog), lambda: now, lambda: True, kinds=KINDS)


def read(database, viewer, now=MORNING) -> list[dict]:
    """Return the reports among somebody's files, the oldest first."""
    found = reversed(tasks.list_orders(database, viewer=viewer, now=now))
    kept = [one.id for one in found if one.is_kept]
    files = (tasks.read_file(database, viewer=viewer, task_id=task_id, now=now)[1] for task_id in kept)
    return [json.loads(b"".join(parts)) for parts in files]


def names(report: dict) -> set[str]:
    return {row["name"] for table in report["tables"] for row in table["rows"]}


def acts(database, act: Act) -> list[AuditEntry]:
    return rows(database, AuditEntry, act=act.value)


@pytest.fixture
def two_sites(database, home) -> dict:
    """Somebody late at each of two sites."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    then = NOW - timedelta(days=400)
    for name, site_id in (("Anna First", home.site_id), ("Ben Second", second)):
        make_person(database, home, now=then, name=name, starts_on=then.date(), site_id=site_id)
    return {"first": home.site_id, "second": second}


@pytest.fixture
def keeper(database, home, two_sites):
    """The manager of the first site, as they are signed in."""
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example")
    let_in(database, home, boss, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=two_sites["first"], now=NOW)
    return sign_in(database, "boss@home.example", now=NOW)


def move_to(database, home, keeper, site_id) -> None:
    """Let a site manager see to another site in place of theirs, or to none."""
    (old,) = rows(database, Permission, person_id=keeper.person_id)
    permissions.take(database, viewer=home.viewer, permission_id=old.id, now=NOW)
    if site_id is not None:
        permissions.give(database, viewer=home.viewer, person_id=keeper.person_id, site_id=site_id, now=NOW)


def test_a_report_is_made_on_the_morning_of_its_day_as_at_that_day(database, catalog, home, two_sites):  # noqa: ARG001
    add(database, home.viewer, starts_on=date(2026, 3, 3))
    for day in range(2, 9):
        assert turn(database, NOON.replace(day=day)) == 0
    before, after = (datetime(2026, 3, 9, hour, minute, tzinfo=UTC) for hour, minute in ((5, 59), (6, 0)))
    assert (turn(database, before), turn(database, after), turn(database, after)) == (0, 1, 0)
    make(database, catalog, after)
    (report,) = read(database, home.viewer, after)
    assert report["head"]["as_at"] == "2026-03-09"
    assert names(report) == {"Anna First", "Ben Second"}
    (row,) = rows(database, ReportSchedule)
    assert row.next_on == date(2026, 3, 16)


def test_on_the_day_on_which_the_clock_goes_forward_it_is_six_an_hour_earlier(database, home):
    add(database, home.viewer, recurrence=Recurrence(Rhythm.MONTHLY, 28))
    turn(database, NOW.replace(month=3, day=1))
    assert turn(database, datetime(2026, 3, 28, 5, 59, tzinfo=UTC)) == 0
    assert turn(database, datetime(2026, 3, 28, 6, 0, tzinfo=UTC)) == 1
    assert turn(database, datetime(2026, 4, 28, 4, 59, tzinfo=UTC)) == 0
    assert turn(database, datetime(2026, 4, 28, 5, 0, tzinfo=UTC)) == 1


def test_of_the_days_that_were_missed_only_the_latest_is_made_up_for(database, home):
    add(database, home.viewer)
    assert turn(database, datetime(2026, 4, 1, 12, tzinfo=UTC)) == 1
    (order,) = rows(database, Task)
    assert order.title == "Everybody, as at 30 Mar 2026, JSON"
    (row,) = rows(database, ReportSchedule)
    assert row.next_on == date(2026, 4, 6)


def test_a_turn_done_by_many_at_once_orders_each_report_once(database, home):
    for form in ("csv", "json", "xlsx"):
        add(database, home.viewer, form=form)
    assert sum(all_at_once(*[lambda: turn(database)] * 4)) == 3
    assert len({row.key for row in rows(database, Task)}) == 3
    assert len(acts(database, Act.REPORT_ORDERED)) == 3


def test_a_turn_that_breaks_off_between_the_order_and_the_next_day_did_neither(database, home, monkeypatch):
    add(database, home.viewer)
    with monkeypatch.context() as broken:
        broken.setattr(report_schedules.audit, "record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            turn(database)
    assert how_many(database, Task) == 0
    assert turn(database) == 1
    assert how_many(database, Task) == 1


def test_a_site_manager_gets_the_site_that_they_see_to_when_it_is_made(database, catalog, home, two_sites, keeper):
    add(database, keeper)
    turn(database)
    make(database, catalog)
    assert [names(report) for report in read(database, keeper)] == [{"Anna First", "Priya Raman"}]
    move_to(database, home, keeper, two_sites["second"])
    later = MORNING + 7 * ONE_DAY
    assert turn(database, later) == 1
    make(database, catalog, later)
    (report,) = read(database, keeper, later)
    assert (names(report), report["head"]["covers"]) == ({"Ben Second"}, "Second site")


@pytest.mark.parametrize("name", [name for name in REPORTS if report_schedules.may_recur(name)])
def test_a_report_of_a_site_that_was_taken_away_names_nobody_and_does_not_grow(
    database, catalog, home, two_sites, keeper, name
):
    add(database, keeper, report=name, asked={"site": str(two_sites["first"])})
    move_to(database, home, keeper, two_sites["second"])
    (one,) = report_schedules.list_schedules(database, viewer=keeper_of(keeper, two_sites["second"]), catalog=catalog)
    assert (one.shows, one.asks_elsewhere) == (("a site that is none of yours",), True)
    later = MORNING + 7 * ONE_DAY
    assert turn(database, later) == 1
    make(database, catalog, later)
    (report,) = read(database, keeper, later)
    assert "a site that is none of yours" in report["head"]["shows"]
    assert not {"Anna First", "Ben Second", "First site"} & set(re.findall(r"[A-Z]\w+ \w+", json.dumps(report)))
    (order,) = rows(database, Task)
    assert order.words == "Nobody is counted: the site asked for is none of yours."


def test_a_site_that_is_none_of_theirs_is_refused_in_the_same_words_whether_it_is_there(
    database, home, two_sites, keeper
):
    said = set()
    for viewer, site_id in ((keeper, two_sites["second"]), (keeper, uuid.uuid4()), (home.viewer, uuid.uuid4())):
        with pytest.raises(ScheduleRefused) as refusal:
            add(database, viewer, asked={"site": str(site_id)})
        said.add(str(refusal.value))
    assert said == {"That site is none of yours, so nobody would be in the report. Choose another site."}
    add(database, keeper, asked={"site": str(two_sites["first"])})
    assert how_many(database, ReportSchedule) == 1


def keeper_of(keeper, site_id):
    """Return a site manager as they are once they see to another site."""
    return replace(keeper, site_ids=frozenset({site_id}))


def test_what_was_asked_stands_in_the_log_with_the_file_and_with_the_schedule(database, catalog, home, two_sites):
    site = str(two_sites["first"])
    add(database, home.viewer, asked={"site": site, "status": "overdue", "search": "Anna"})
    turn(database)
    make(database, catalog)
    asked = {"site_asked": site, "status_asked": "overdue", "search_asked": True}
    (made,), (exported,) = acts(database, Act.SCHEDULE_MADE), acts(database, Act.REPORT_EXPORTED)
    assert made.detail.items() >= asked.items()
    assert exported.detail == {"report": "everybody", "form": "json", "as_at": "2026-03-02", **asked}


def test_who_sees_nobody_any_more_gets_nothing_and_it_ends_by_itself(database, catalog, home, keeper):
    add(database, keeper)
    move_to(database, home, keeper, None)
    assert turn(database) == 0
    (row,) = rows(database, ReportSchedule)
    assert (row.next_on, row.ended_at) == (None, MORNING)
    (one,) = report_schedules.list_schedules(database, viewer=keeper, catalog=catalog)
    assert "could not see anybody" in one.ended_why
    (entry,) = acts(database, Act.SCHEDULE_STOPPED)
    assert (entry.actor_kind, entry.subject_id) == (Actor.SERVICE, row.id)
    assert turn(database, MORNING + 7 * ONE_DAY) == 0


def test_who_loses_leave_while_the_order_waits_gets_no_file_and_one_message_on_the_end(database, catalog, home, keeper):
    add(database, keeper)
    turn(database)
    move_to(database, home, keeper, None)
    with receiving() as running:
        make(database, catalog)
        post = make_post(running, catalog)
        assert [one.outcome.result for one in tell(database, post)] == ["sent"]
        assert tell(database, post) == tell(database, post, NOON + ONE_DAY) == []
        (letter,) = filter(is_on_a_file, running.inbox.messages)
    assert letter["Subject"] == "A regular report has ended: 2 Mar 2026"
    assert read(database, keeper) == []
    (row,) = rows(database, ReportSchedule)
    assert row.ended_why
    assert len(acts(database, Act.SCHEDULE_STOPPED)) == 1


def test_whose_report_ended_by_itself_is_told_so_once_and_why(database, catalog, home, keeper, two_sites):
    add(database, keeper, asked={"site": str(two_sites["first"]), "search": "Anna"})
    add(database, keeper, report="overdue", form="pdf")
    move_to(database, home, keeper, None)
    assert turn(database) == 0
    with receiving() as running:
        running.inbox.rcpt["boss@home.example"] = ["451 later", "250 OK"]
        post = make_post(running, catalog)
        assert tell(database, post, MORNING) == [], "quiet hours"
        results = [
            one.outcome.result for hours in range(4) for one in tell(database, post, NOON + timedelta(hours=hours))
        ]
        assert sorted(results) == ["later", "sent", "sent"]
        told = [one for one in running.inbox.messages if is_on_a_file(one)]
    assert {one["To"].addresses[0].addr_spec for one in told} == {"boss@home.example"}
    texts = [" ".join(one.get_body(("plain",)).get_content().split()) for one in told]
    assert any("this is the report: Expired and missing, PDF, every Monday." in text for text in texts)
    for text in texts:
        assert "It has ended by itself: you could not see anybody’s training any more." in text
        assert "Anna" not in text
        assert "First site" not in text


def test_whoever_ended_a_report_gets_no_message_on_it(database, catalog, home):
    schedule_id = add(database, home.viewer)
    report_schedules.end_schedule(database, viewer=home.viewer, schedule_id=schedule_id, now=MORNING)
    with receiving() as running:
        assert tell(database, make_post(running, catalog)) == []


def test_who_has_left_is_not_told_that_a_report_ended(database, catalog, home, keeper):
    add(database, keeper)
    move_to(database, home, keeper, None)
    turn(database)
    leave(database, keeper)
    with receiving() as running:
        assert tell(database, make_post(running, catalog)) == []


def test_one_that_was_ended_is_made_no_more(database, home):
    schedule_id = add(database, home.viewer)
    for _ in range(2):
        report_schedules.end_schedule(database, viewer=home.viewer, schedule_id=schedule_id, now=NOW)
    assert turn(database) == 0
    (entry,) = acts(database, Act.SCHEDULE_STOPPED)
    assert entry.actor_kind == Actor.PERSON


def test_nobody_sees_or_ends_anothers(database, catalog, home, keeper):
    schedule_id = add(database, home.viewer)
    other = make_organisation(database, catalog=catalog, now=NOW, slug="other").viewer
    for viewer in (keeper, other, replace(other, person_id=home.viewer.person_id)):
        assert report_schedules.list_schedules(database, viewer=viewer, catalog=catalog) == ()
        with pytest.raises(NotFound):
            report_schedules.end_schedule(database, viewer=viewer, schedule_id=schedule_id, now=NOW)


def test_only_who_sees_to_others_has_reports_made_and_not_without_end(database, home, learner):
    with pytest.raises(NotAllowed):
        add(database, learner)
    for name in ("person", "nonsense"):
        with pytest.raises(NotFound):
            add(database, home.viewer, report=name)
    with pytest.raises(NotFound):
        add(database, home.viewer, form="doc")
    for day in range(1, MOST + 1):
        add(database, home.viewer, recurrence=Recurrence(Rhythm.MONTHLY, day))
    with pytest.raises(ScheduleRefused):
        add(database, home.viewer)


def test_an_auditor_has_reports_made_as_it_changes_nothing(database, catalog, home, two_sites):  # noqa: ARG001
    auditor = make_person(database, home, now=NOW, name="Farah Iqbal", email="auditor@home.example")
    kind = PermissionKind.AUDITOR
    permissions.give(database, viewer=home.viewer, person_id=auditor.person_id, site_id=None, kind=kind, now=NOW)
    let_in(database, home, auditor, now=NOW)
    viewer = sign_in(database, "auditor@home.example", now=NOW)
    schedule_id = add(database, viewer)
    turn(database)
    make(database, catalog)
    (report,) = read(database, viewer)
    assert names(report) == {"Anna First", "Ben Second", "Farah Iqbal"}
    report_schedules.end_schedule(database, viewer=viewer, schedule_id=schedule_id, now=NOW)


def test_training_hours_are_of_the_whole_days_since_the_report_before(database, home):
    add(database, home.viewer, report="training-hours", asked={"from": "2020-01-01"})
    turn(database)
    (order,) = rows(database, Task)
    assert order.wanted["asked"] == {"from": "2026-02-23", "until": "2026-03-01"}


def test_what_is_asked_is_told_in_words(database, catalog, home, two_sites):
    asked = {"site": str(two_sites["second"]), "role": "social-care", "search": "Ben", "item": "every-kind"}
    add(database, home.viewer, report="due-soon", asked=asked | {"within": "30"})
    (one,) = report_schedules.list_schedules(database, viewer=home.viewer, catalog=catalog)
    title = catalog.title("every-kind")
    said = ("Second site", "Social care worker", "name or staff number with “Ben”", title, "within 30 days")
    assert one.shows == said
    (entry,) = acts(database, Act.SCHEDULE_MADE)
    assert "Ben" not in str(entry.detail)


def tell(database, post, now=NOON):
    """Send what is due, and return what was tried about files."""
    tried = list(reminders.send_due(database, post=post, clock=lambda: now))
    return [one for one in tried if one.kind.startswith("report-")]


@pytest.fixture
def made(database, catalog, home, two_sites):  # noqa: ARG001
    """A report that was made for the manager in the morning."""
    add(database, home.viewer, form="csv")
    turn(database)
    make(database, catalog)


@pytest.mark.usefixtures("made")
def test_one_message_says_that_it_is_ready_after_quiet_hours_and_names_nobody(database, catalog):
    with receiving() as running:
        post = make_post(running, catalog)
        assert tell(database, post, MORNING) == []
        assert [one.outcome.result for one in tell(database, post)] == ["sent"]
        assert tell(database, post) == tell(database, post, NOON + ONE_DAY) == []
        (letter,) = [one for one in running.inbox.messages if one["Message-ID"].startswith("<report-")]
    (order,) = rows(database, Task)
    assert letter["To"].addresses[0].addr_spec == "manager@home.example"
    assert letter["Subject"] == "A file is ready for you: 2 Mar 2026"
    text = letter.get_body(("plain",)).get_content()
    assert f"https://training.example.org/reports/files/{order.id}" in text
    assert "in your organisation on 2 Mar 2026" in text
    assert list(letter.iter_attachments()) == []
    for name in ("Anna", "Ben", "First site", "Second site"):
        assert name not in letter.as_string()
    (row,) = [one for one in rows(database, MessageRow) if one.kind.startswith("report-")]
    assert len(row.kind) <= 20


def test_a_message_says_which_filters_were_used_and_repeats_no_search(database, catalog, home, keeper, two_sites):
    add(database, keeper, asked={"site": str(two_sites["first"]), "role": "social-care", "search": "Anna"})
    add(database, home.viewer)
    turn(database)
    make(database, catalog)
    with receiving() as running:
        tell(database, make_post(running, catalog))
        told = {one["To"].addresses[0].addr_spec: one for one in running.inbox.messages if is_on_a_file(one)}
    text = told["boss@home.example"].get_body(("plain",)).get_content()
    assert "Shows: First site; Social care worker; a name or staff number that was searched for" in text
    assert "Anna" not in told["boss@home.example"].as_string()
    text = told["manager@home.example"].get_body(("plain",)).get_content()
    assert "Shows: Everybody, all training" in text


def test_a_message_never_names_a_site_that_was_taken_away(database, catalog, home, keeper, two_sites):
    add(database, keeper, asked={"site": str(two_sites["first"])})
    move_to(database, home, keeper, two_sites["second"])
    turn(database)
    make(database, catalog)
    with receiving() as running:
        tell(database, make_post(running, catalog))
        (letter,) = filter(is_on_a_file, running.inbox.messages)
    assert "Shows: a site that is none of yours" in letter.get_body(("plain",)).get_content()
    assert "First site" not in letter.as_string()


def test_what_an_address_made_up_is_never_mailed(database, catalog, home, two_sites):  # noqa: ARG001
    add(database, home.viewer, asked={"item": "Anna First", "job-title": str(uuid.uuid4())})
    turn(database)
    make(database, catalog)
    with receiving() as running:
        tell(database, make_post(running, catalog))
        (letter,) = filter(is_on_a_file, running.inbox.messages)
    text = letter.get_body(("plain",)).get_content()
    assert "Shows: training that nobody was ever asked for here; a job title that is none of yours" in text


def is_on_a_file(letter) -> bool:
    return letter["Message-ID"].startswith("<report-")


@pytest.mark.usefixtures("made")
def test_many_runs_at_once_send_one_message(database, catalog):
    with receiving() as running:
        post = make_post(running, catalog)
        all_at_once(*[lambda: tell(database, post)] * 4)
        told = Counter(one["Message-ID"] for one in running.inbox.messages)
    assert [count for key, count in told.items() if key.startswith("<report-")] == [1]


@pytest.mark.usefixtures("made")
def test_what_was_not_taken_is_tried_again_until_it_is(database, catalog):
    with receiving() as running:
        running.inbox.rcpt["manager@home.example"] = ["451 later", "250 OK"]
        post = make_post(running, catalog)
        results = []
        for minutes in (0, 30, 120, 600):
            results += [one.outcome.result for one in tell(database, post, NOON + timedelta(minutes=minutes))]
        assert results == ["later", "sent"]
        assert len([one for one in running.inbox.messages if one["Message-ID"].startswith("<report-")]) == 1


@pytest.mark.usefixtures("made")
def test_a_refused_address_stands_where_others_do_and_gets_nothing_more(database, catalog, home):
    with receiving() as running:
        running.inbox.rcpt["manager@home.example"] = ["550 no such mailbox"]
        post = make_post(running, catalog)
        assert [one.outcome.result for one in tell(database, post)] == ["refused"]
        page = runs.messages_page(database, viewer=home.viewer, today=NOON.date(), now=NOON)
        assert {one.kind[:7] for one in page.undelivered} == {"report-"}
        turn(database, MORNING + 7 * ONE_DAY)
        make(database, catalog, MORNING + 7 * ONE_DAY)
        assert tell(database, post, NOON + 7 * ONE_DAY) == []


@pytest.mark.usefixtures("made")
def test_a_manager_who_had_a_mailbox_put_right_has_it_tried_again(database, catalog, home):
    with receiving() as running:
        running.inbox.rcpt["manager@home.example"] = ["550 no such mailbox"]
        post = make_post(running, catalog)
        add(database, home.viewer, form="json")
        turn(database, MORNING)
        make(database, catalog, MORNING)
        assert [one.outcome.result for one in tell(database, post)] == ["refused", "refused"]
        running.inbox.rcpt.clear()
        refused = [row for row in rows(database, MessageRow) if row.kind.startswith("report-")]
        runs.try_again(database, viewer=home.viewer, message_id=refused[0].id, now=NOON)
        assert [one.outcome.result for one in tell(database, post)] == ["sent"]


def test_a_message_whose_file_has_expired_meanwhile_is_dropped(database, catalog, home, made):  # noqa: ARG001
    with receiving() as running:
        running.inbox.rcpt["manager@home.example"] = ["451 later"]
        post = make_post(running, catalog)
        tell(database, post)
        assert tell(database, post, NOON + timedelta(days=8)) == []
    (row,) = [one for one in rows(database, MessageRow) if one.kind.startswith("report-")]
    assert row.status == State.DROPPED


def test_without_an_address_the_file_is_there_all_the_same(database, catalog, home, two_sites):
    boss = make_person(database, home, now=NOW, name="No Mail", email="x@home.example")
    let_in(database, home, boss, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=two_sites["first"], now=NOW)
    viewer = sign_in(database, "x@home.example", now=NOW)
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (home.viewer.organisation_id, boss.person_id)).email = None
    add(database, viewer)
    turn(database)
    make(database, catalog)
    with receiving() as running:
        assert tell(database, make_post(running, catalog)) == []
    assert len(read(database, viewer)) == 1


def test_an_empty_report_says_why_it_is_empty(database, catalog, home, keeper):
    add(database, home.viewer, asked={"role": "prescriber"})
    add(database, keeper, report="due-soon", asked={"within": "30", "search": "Zachary"})
    turn(database)
    make(database, catalog)
    words = {order.asked_by: order.words for order in rows(database, Task)}
    assert words[home.viewer.person_id] == "Nobody of those asked for is on file in your organisation on 2 Mar 2026."
    assert words[keeper.person_id] == "Nobody of those asked for is on file at your site on 2 Mar 2026."


def test_of_a_search_that_finds_somebody_nothing_is_told(database, catalog, home, two_sites):  # noqa: ARG001
    add(database, home.viewer, asked={"search": "Anna"})
    turn(database)
    make(database, catalog)
    (order,) = rows(database, Task)
    assert order.words == ""


@pytest.mark.parametrize(
    ("report", "says"),
    [
        ("training-hours", "2 rows in your organisation on 2 Mar 2026."),
        ("attempts", "Nobody is on record as having tried anything in your organisation on 2 Mar 2026."),
    ],
)
def test_what_is_not_about_compliance_says_nothing_of_it(database, catalog, home, two_sites, report, says):  # noqa: ARG001
    add(database, home.viewer, report=report)
    turn(database)
    make(database, catalog)
    (order,) = rows(database, Task)
    assert order.words == says


@pytest.mark.parametrize(
    ("report", "filters", "whose"),
    [
        ("everybody", ("site",), "of those asked for "),
        ("overdue", ("item",), "of those asked for "),
        ("due-soon", ("role", "within"), "of those asked for "),
        ("due-soon", ("within",), ""),
        ("everybody", ("status",), ""),
        ("overdue", (), ""),
    ],
)
def test_a_figure_of_some_is_never_told_as_that_of_all(database, catalog, home, two_sites, report, filters, whose):
    known = {"site": str(two_sites["first"]), "item": "every-kind", "role": "social-care", "within": "60"}
    known["status"] = "overdue"
    add(database, home.viewer, report=report, asked={name: known[name] for name in filters})
    later = MORNING + 140 * ONE_DAY
    make_person(database, home, now=later, name="Cara New", starts_on=date(2026, 7, 15), site_id=two_sites["first"])
    turn(database, later)
    make(database, catalog, later)
    (order,) = rows(database, Task)
    assert f"% compliant {whose}in your organisation on 20 Jul 2026" in order.words


def test_a_file_that_somebody_waited_long_for_is_told_of_unless_they_have_seen_it(database, catalog, home):
    def order(waits):
        wanted = {"report": "overview", "form": "csv", "day": "2026-03-02", "known_at": None}
        wanted |= {"asked": {}, "schedule": None}
        asked = tasks.Order(kind="report", title="All figures, as at 2 Mar 2026, CSV", wanted=wanted)
        tasks.order(database, viewer=home.viewer, wanted=asked, now=NOON - waits)
        make(database, catalog, NOON)

    with receiving() as running:
        post = make_post(running, catalog)
        order(timedelta(seconds=59))
        assert tell(database, post, NOON) == []
        order(timedelta(seconds=61))
        assert len(tell(database, post, NOON)) == 1
        order(timedelta(minutes=5))
        tasks.list_orders(database, viewer=home.viewer, now=NOON)
        assert tell(database, post, NOON) == []


def leave(database, keeper) -> None:
    """Let somebody have left the day before."""
    with database.write(EVERYWHERE) as session:
        session.execute(
            update(Employment)
            .where(Employment.person_id == keeper.person_id)
            .values(ends_on=date(2026, 3, 1), starts_on=date(2026, 2, 1))
        )


def test_nothing_is_sent_to_who_has_left(database, catalog, keeper):
    add(database, keeper)
    turn(database)
    make(database, catalog)
    leave(database, keeper)
    with receiving() as running:
        assert tell(database, make_post(running, catalog)) == []
