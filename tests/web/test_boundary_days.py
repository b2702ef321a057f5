"""The days on which something turns have one answer in page, file, e-mail and command, from midnight to midnight."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from tests import reading
from tests.conftest import NOW
from tests.factories import learn, let_in, make_person
from tests.mail.receiving import receiving
from tests.web.conftest import ON_SQLITE
from training.cli import main
from training.domain.days import format_day
from training.domain.roles import Role
from training.domain.status import Status

pytestmark = ON_SQLITE

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
NAME, ADDRESS = "Marta Kowalska", "worker@home.example"
NOT_SAID = ""
# The day of the pass, the first of the last 90 days, and the last valid day, worked out by hand.
YEARS = [
    pytest.param(date(2026, 3, 28), date(2026, 12, 27), date(2027, 3, 27), id="expired-as-the-clock-goes-forward"),
    pytest.param(date(2026, 11, 1), date(2027, 8, 2), date(2027, 10, 31), id="last-day-as-the-clock-goes-back"),
    pytest.param(date(2027, 3, 1), date(2027, 12, 1), date(2028, 2, 29), id="last-day-of-a-leap-february"),
]


def ends_of(day):
    """Return the first minute of a day in London, and the last."""
    return [datetime.combine(day, at, LONDON) for at in (time(0, 0), time(23, 59))]


@pytest.fixture
def prescriber(database, home):
    """Somebody of whom one module is asked, with an address and a password."""
    person = make_person(
        database, home, now=NOW, name=NAME, role=Role.PRESCRIBER, starts_on=date(2026, 1, 1), email=ADDRESS
    )
    let_in(database, home, person, now=NOW)
    return person


@pytest.fixture
def run(database_url, content, tmp_path):
    """Run a command as an operator does."""

    def runs(*words, **settings):
        environ = {"TRAINING_DATABASE_URL": database_url, "TRAINING_CONTENT_DIR": str(content), **settings}
        done = CliRunner().invoke(main, words, env=environ)
        assert done.exit_code == 0, done.output
        return done.output

    def report():
        output = tmp_path / "report.csv"
        asked = ("--organisation", "home", "--format", "csv", "--output", str(output))
        runs("report", "everybody", *asked)
        return output.read_bytes()

    runs.report = report
    return runs


def row_of(csv: bytes) -> list[str]:
    """Return the row of the module in a list of everybody."""
    (table,) = reading.read_csv(csv).tables.values()
    (row,) = (row for row in table if {reading.plain(NAME), reading.plain("For everyone")} <= set(row))
    return row


@pytest.mark.parametrize(("passed_on", "opens_on", "until"), YEARS)
@pytest.mark.parametrize(
    ("place", "status", "said"),
    [
        ("before", Status.UP_TO_DATE, NOT_SAID),
        ("opens", Status.EXPIRING_SOON, "By {until}."),
        ("last", Status.EXPIRING_SOON, "By today, {until}."),
        ("after", Status.EXPIRED, "It was due by {until}."),
    ],
)
def test_a_day_on_which_something_turns_has_one_answer_everywhere(
    database, catalog, prescriber, make_client, run, time, passed_on, opens_on, until, place, status, said
):
    day = {"before": opens_on - ONE_DAY, "opens": opens_on, "last": until, "after": until + ONE_DAY}[place]
    learn(database, prescriber, catalog=catalog, role=Role.PRESCRIBER, now=ends_of(passed_on)[1])
    for time.now in ends_of(day):
        own, team = make_client(ADDRESS), make_client("manager@home.example")
        home_page, person_page = own.get("/home").main, team.get(f"/team/people/{prescriber.person_id}").main
        sentence = f"In date until {format_day(until)}" if status.compliant else f"in date until {format_day(until)}"
        for page in (home_page, person_page):
            assert (status.label in page, sentence in page) == (True, True), page
        for file in (team.get("/reports/everybody.csv").response.data, run.report()):
            assert reading.plain(status.label) in row_of(file)
        assert (f"reminder to {NAME}: for-everyone" in run("remind", "--dry-run")) == bool(said)
    time.now = ends_of(day)[0].replace(hour=12)
    with receiving() as running:
        smtp = f"smtp://127.0.0.1:{running.port}?tls=none"
        run("remind", TRAINING_MAIL_URL=smtp, TRAINING_MAIL_FROM="training@example.org")
        sent = [each for each in running.inbox.messages if each["To"].addresses[0].addr_spec == ADDRESS]
    words = [each.get_body(("plain",)).get_content() for each in sent]
    assert [said.format(until=format_day(until)) in each for each in words] == [True] * bool(said)
