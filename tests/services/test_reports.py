"""What managers ask: filters, figures that reconcile, files that say what the page says, and one person's story."""

from datetime import date, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from training.domain.roles import Role
from training.domain.status import Status
from training.services import organisations, reports, tables
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

TODAY = date(2026, 4, 2)


@pytest.fixture
def staff(database, catalog, home):
    """Five people in every state that a month can bring."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    done = make_person(database, home, now=NOW, name="Zoë Done")
    late = make_person(database, home, now=NOW, name="Abdi Late")
    new = make_person(database, home, now=NOW, name="Ngozi New", starts_on=date(2026, 3, 20), site_id=second)
    carer = make_person(database, home, now=NOW, name="Jean Carer", role=Role.FAMILY_CARER)
    half = make_person(database, home, now=NOW, name="Half Done", role=Role.PRESCRIBER, site_id=second)
    for slug in ("every-kind", "for-everyone", "the-story"):
        learn(database, done, catalog=catalog, slug=slug, now=NOW + timedelta(days=1))
    learn(database, half, catalog=catalog, role=Role.PRESCRIBER, now=NOW, right=False)
    return {"done": done, "late": late, "new": new, "carer": carer, "half": half, "second": second}


def asked(database, catalog, home, **wanted):
    return reports.people(
        database, viewer=home.viewer, wanted=PeopleFilter(**wanted), catalog=catalog, as_of=AsOf.present(TODAY)
    )


def names(report):
    return list(dict.fromkeys(line.worker.name for line in report.lines))


def test_the_overview_reconciles_every_figure(database, catalog, home, staff):
    report = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(TODAY))
    assert (report.heads, report.counted_heads, report.fully_compliant, report.at_several_sites) == (5, 3, 1, 0)
    assert [(figure.name, figure.percent) for figure in report.by_item] == [
        ("Every kind of question", "50.0 %"),
        ("For everyone", "33.3 %"),
        ("The story", "50.0 %"),
    ]
    assert report.by_item[1].denominator == "5 people on file = 3 counted + 1 not yet due + 1 not needed."
    assert report.whole.denominator == "15 person-modules on file = 7 counted + 3 not yet due + 5 not needed."
    assert {figure.name: figure.tally.on_file for figure in report.by_site} == {"First site": 9, "Second site": 6}
    assert report.by_site[1].site_id == staff["second"]


def test_people_are_shown_by_name_with_a_line_for_each_item(database, catalog, home, staff):
    report = asked(database, catalog, home)
    assert names(report) == sorted(person.name for key, person in staff.items() if key != "second")
    assert len(report.lines) == 5 * 3
    assert report.asked_words == "Everybody, all training"
    assert all(line.reason.endswith(".") for line in report.lines)


def test_filters_narrow_and_combine(database, catalog, home, staff):
    for wanted, who in (
        ({"status": Status.OVERDUE}, ["Abdi Late", "Half Done"]),
        ({"status": Status.UP_TO_DATE}, ["Zoë Done"]),
        ({"site_id": staff["second"]}, ["Half Done", "Ngozi New"]),
        ({"site_id": staff["second"], "status": Status.OVERDUE}, ["Half Done"]),
        ({"item": "for-everyone", "status": Status.OVERDUE}, ["Abdi Late", "Half Done"]),
        ({"item": "every-kind", "status": Status.OVERDUE}, ["Abdi Late"]),
        ({"search": "ZOË"}, ["Zoë Done"]),
        ({"search": "done"}, ["Half Done", "Zoë Done"]),
        ({"search": "nobody at all"}, []),
        ({"item": "no-such"}, []),
        ({"status": Status.EXEMPT}, []),
    ):
        report = asked(database, catalog, home, **wanted)
        assert names(report) == who, wanted
        for line in report.lines:
            assert wanted.get("status") in {None, line.status}
            assert wanted.get("item") in {None, line.item}
        assert report.figure.tally.on_file == len(report.lines)


def test_a_staff_number_finds_its_person_alone(database, catalog, home, staff):
    number = asked(database, catalog, home, search="Zoë").lines[0].worker.staff_number
    assert names(asked(database, catalog, home, search=number)) == [staff["done"].name]


@pytest.mark.usefixtures("staff")
def test_a_long_list_comes_page_by_page_and_nobody_is_on_two_or_on_none(database, catalog, home, monkeypatch):
    monkeypatch.setattr(reports, "PEOPLE_A_PAGE", 2)
    make_person(database, home, now=NOW, name="Later Starter", starts_on=TODAY + timedelta(days=1))
    report = asked(database, catalog, home)
    pages = [report.page(number) for number in (1, 2, 3, 4)]
    shown = [[worker.name for worker, _ in page.people] for page in pages]
    assert shown == [["Abdi Late", "Half Done"], ["Jean Carer", "Ngozi New"], ["Zoë Done"], []]
    assert [[name for _, name in page.off_file] for page in pages] == [[], [], ["Later Starter"], ["manager"]]
    assert [line for page in pages for _, lines in page.people for line in lines] == list(report.lines)
    assert {(page.last, page.most) for page in pages} == {(4, 2)}
    assert report.figure.tally.on_file == 15


@pytest.mark.usefixtures("staff")
def test_a_page_that_is_not_there_is_the_nearest(database, catalog, home, monkeypatch):
    monkeypatch.setattr(reports, "PEOPLE_A_PAGE", 2)
    report = asked(database, catalog, home, search="done")
    assert [report.page(number).number for number in (-1, 0, 1, 2, 10**30)] == [1, 1, 1, 1, 1]
    assert asked(database, catalog, home, search="nobody at all").page(1).last == 1


@pytest.mark.usefixtures("staff")
def test_those_not_on_file_are_named_where_no_status_site_or_training_is_asked_for(database, catalog, home):
    for wanted, who in (
        ({}, ["manager"]),
        ({"search": "MANAGER"}, ["manager"]),
        ({"search": "done"}, []),
        ({"status": Status.OVERDUE}, []),
        ({"site_id": home.site_id}, []),
        ({"item": "for-everyone"}, []),
    ):
        assert [name for _, name in asked(database, catalog, home, **wanted).off_file] == who, wanted


def test_what_was_asked_stands_in_words(database, catalog, home, staff):
    report = asked(
        database,
        catalog,
        home,
        status=Status.OVERDUE,
        site_id=staff["second"],
        item="for-everyone",
        search="Half",
    )
    assert report.asked_words == "Overdue; Second site; For everyone; name or staff number with “Half”"


def test_a_file_of_people_has_the_rows_of_the_page(database, catalog, home, staff):
    for wanted in ({}, {"status": Status.OVERDUE}, {"site_id": staff["second"]}, {"search": "nobody"}):
        report = asked(database, catalog, home, **wanted)
        table = tables.people_table(report)
        assert [row[:6] for row in table.rows] == [
            (
                line.worker.name,
                line.worker.staff_number,
                "; ".join(name for _, name in line.worker.sites),
                "; ".join(line.worker.titles),
                line.title,
                line.status.label,
            )
            for line in report.lines
        ]
        assert [row[6] for row in table.rows] == [" ".join((line.reason, *line.notes)) for line in report.lines]
        assert {len(row) for row in table.rows} <= {len(table.header)}
        said = dict(row for row in table.preamble if row)
        assert (said["As at"], said["Shows"]) == ("2026-04-02", report.asked_words)
        assert (said["Percent"], said["Denominator"]) == (report.figure.percent, report.figure.denominator)


@pytest.mark.usefixtures("staff")
def test_a_file_of_the_overview_has_the_figures_of_the_page(database, catalog, home):
    report = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(TODAY))
    table = tables.overview_table(report)
    figures = [report.whole, *report.by_item, *report.by_site]
    assert [(row[1], row[2], row[-1]) for row in table.rows] == [
        (figure.name, figure.percent, figure.denominator) for figure in figures
    ]
    for row in table.rows:
        cells = dict(zip(table.header, row, strict=True))
        apart = sum(cells[name] for name in ("Not yet due", "On leave", "Exempt", "Held", "Not needed"))
        assert cells["On file"] == cells["Counted"] + apart
    assert dict(row for row in table.preamble if row)["Fully compliant"] == "1 of 3 people counted"


def test_one_persons_story_has_tries_and_dates_and_no_answers(database, catalog, home, staff):
    report = reports.person(
        database, viewer=home.viewer, person_id=staff["half"].person_id, catalog=catalog, today=TODAY
    )
    assert report.contact.name == "Half Done"
    assert [(one.title, one.passed, one.at) for one in report.tries] == [("For everyone", False, NOW)]
    (line,) = report.record
    assert (line.shown.slug, line.shown.status, line.tries, line.earned) == ("for-everyone", Status.OVERDUE, 1, ())
    assert "answers" not in repr(report)


def test_an_organisation_of_nobody_says_that_nobody_is_counted(database, catalog, home):
    report = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(TODAY))
    assert (report.heads, report.whole.percent, report.by_item) == (0, "Nobody is counted", ())
    assert asked(database, catalog, home).lines == ()
