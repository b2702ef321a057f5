"""The ASC-WDS file of an organisation: what must be mended first, and what stands in it for whom."""

import csv
import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.importing import table
from tests.services.stored import rows
from tests.services.test_query_counts import counting
from training.domain.asc_wds import Layout
from training.domain.asc_wds_file import check_file
from training.domain.roles import Role
from training.exports.asc_wds import encode_asc_wds
from training.models import AuditEntry, Employment, Person, RequirementVersion, StandingRow
from training.services import asc_wds, asc_wds_settings, completion_imports, employments, organisations, references
from training.services.accounts import NotAllowed
from training.services.asc_wds import FileIncomplete, NothingToWrite
from training.services.asc_wds_settings import Choices, FileRefused
from training.services.organisations import NotFound
from training.services.references import ReferenceRefused, ReferencesRefused

TODAY = NOW.date()
ITEMS = ("every-kind", "for-everyone", "the-story")


@pytest.fixture
def referenced(database, home):
    """The first site has its reference."""
    references.save_workplaces(database, viewer=home.viewer, references={home.site_id: "SITE-01"}, now=NOW)


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


def found(database, catalog, viewer, now=NOW):
    return asc_wds.check(database, viewer=viewer, catalog=catalog, now=now)


@contextmanager
def opened(database, catalog, viewer, *, leave_out=False, now=NOW):
    with asc_wds.open_file(database, viewer=viewer, catalog=catalog, leave_out=leave_out, now=now) as file:
        yield file


def file_rows(database, catalog, viewer, *, leave_out=False, now=NOW):
    """Return the rows of a file, which passes the checker."""
    with opened(database, catalog, viewer, leave_out=leave_out, now=now) as file:
        data = b"".join(encode_asc_wds(file.records, file.layout, today=file.today))
    assert check_file(data, file.layout, today=file.today) == []
    lines = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert len(lines) == file.check.written
    return lines


def terms(database, home, **values):
    """Give every requirement other terms, as if it had had them from the start."""
    with database.write(home.viewer.organisation_id) as session:
        session.execute(update(RequirementVersion).values(**values))


def site_manager(home, *site_ids, reads_only=False):
    return replace(home.viewer, manages_all=False, site_ids=frozenset(site_ids), reads_only=reads_only)


@pytest.mark.usefixtures("referenced")
def test_a_pass_stands_in_the_file_with_its_months_and_its_last_day(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    (row,) = file_rows(database, catalog, home.viewer)
    number = rows(database, Person, id=learner.person_id)[0].staff_number
    assert row == {
        "LOCALESTID": "SITE-01",
        "UNIQUEWORKERID": number,
        "CATEGORY": "13",
        "TRAININGNAME": catalog.title("every-kind"),
        "ACCREDITED": "0",
        "WHODELIVERED": "",
        "PROVIDERNAME": "",
        "HOWDELIVERED": "2",
        "VALIDITY": "12",
        "DATECOMPLETED": "02/03/2026",
        "EXPIRYDATE": "01/03/2027",
        "NOTES": "",
    }


@pytest.mark.usefixtures("referenced")
def test_an_early_renewal_has_its_last_day_alone(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    later = NOW + timedelta(days=330)
    learn(database, learner, catalog=catalog, now=later)
    (row,) = file_rows(database, catalog, home.viewer, now=later)
    assert (row["VALIDITY"], row["DATECOMPLETED"], row["EXPIRYDATE"]) == ("", "26/01/2027", "01/03/2028")


@pytest.mark.usefixtures("referenced")
def test_a_pass_that_does_not_expire_says_so(database, catalog, home):
    terms(database, home, valid_months=None)
    learner = make_person(database, home, now=NOW)
    learn(database, learner, catalog=catalog, now=NOW)
    (row,) = file_rows(database, catalog, home.viewer)
    assert (row["VALIDITY"], row["EXPIRYDATE"]) == ("none", "")


@pytest.mark.usefixtures("referenced")
def test_a_pass_that_moved_nothing_leaves_the_row_of_the_one_that_gave_the_date(database, catalog, home, learner):
    terms(database, home, valid_months=None)
    learn(database, learner, catalog=catalog, now=NOW)
    learn(database, learner, catalog=catalog, now=NOW + timedelta(days=40))
    (row,) = file_rows(database, catalog, home.viewer, now=NOW + timedelta(days=40))
    assert row["DATECOMPLETED"] == "02/03/2026"


@pytest.mark.usefixtures("referenced")
def test_the_older_layout_is_written_where_it_is_chosen(database, catalog, home, learner):
    wanted = Choices(layout=Layout.EIGHT)
    asc_wds_settings.save_choices(database, viewer=home.viewer, wanted=wanted, now=NOW)
    learn(database, learner, catalog=catalog, now=NOW)
    (row,) = file_rows(database, catalog, home.viewer)
    assert list(row) == list(Layout.EIGHT.columns)
    assert (row["DESCRIPTION"], row["EXPIRYDATE"]) == (catalog.title("every-kind"), "01/03/2027")


@pytest.mark.usefixtures("referenced")
def test_choices_of_the_organisation_stand_in_every_row(database, catalog, home, learner):
    wanted = Choices(accredited="999", delivered_by="2", provider="77")
    asc_wds_settings.save_choices(database, viewer=home.viewer, wanted=wanted, now=NOW)
    items = {"every-kind": ("12", "Stopping over-medication")}
    asc_wds_settings.save_items(database, viewer=home.viewer, catalog=catalog, wanted=items, now=NOW)
    learn(database, learner, catalog=catalog, now=NOW)
    (row,) = file_rows(database, catalog, home.viewer)
    assert (row["ACCREDITED"], row["WHODELIVERED"], row["PROVIDERNAME"]) == ("999", "2", "77")
    assert (row["CATEGORY"], row["TRAININGNAME"]) == ("12", "Stopping over-medication")


def test_a_site_without_a_reference_is_named_with_its_rows(database, catalog, home, second):
    for site_id in (home.site_id, second):
        learn(database, make_person(database, home, now=NOW, site_id=site_id), catalog=catalog, now=NOW)
    references.save_workplaces(database, viewer=home.viewer, references={home.site_id: "SITE-01"}, now=NOW)
    check = found(database, catalog, home.viewer)
    assert [(one.id, one.name, one.rows) for one in check.sites] == [(str(second), "Second site", 1)]
    assert (check.rows, check.left_out, check.is_complete) == (2, 1, False)
    with pytest.raises(FileIncomplete), opened(database, catalog, home.viewer):
        pass
    assert [row["LOCALESTID"] for row in file_rows(database, catalog, home.viewer, leave_out=True)] == ["SITE-01"]


NUMBERS = [
    (None, "neither a staff number"),
    ("x" * 51, "longer than 50"),
    ("=cmd|1", "takes for a formula"),
    ("-7", "takes for a formula"),
]


@pytest.mark.usefixtures("referenced")
@pytest.mark.parametrize(("number", "words"), NUMBERS)
def test_somebody_whom_the_file_cannot_name_is_named_until_they_have_a_reference(
    database, catalog, home, learner, number, words
):
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (learner.organisation_id, learner.person_id)).staff_number = number
    learn(database, learner, catalog=catalog, now=NOW)
    (one,) = found(database, catalog, home.viewer).people
    assert (one.id, one.rows) == (str(learner.person_id), 1)
    assert words in one.words
    with pytest.raises(NothingToWrite), opened(database, catalog, home.viewer, leave_out=True):
        pass
    references.save_worker(database, viewer=home.viewer, person_id=learner.person_id, reference=" W-0042 ", now=NOW)
    assert [row["UNIQUEWORKERID"] for row in file_rows(database, catalog, home.viewer)] == ["W-0042"]


@pytest.mark.usefixtures("referenced")
def test_a_reference_that_two_people_would_share_is_refused_or_found(database, catalog, home, learner):
    other = make_person(database, home, now=NOW)
    number = rows(database, Person, id=other.person_id)[0].staff_number
    known = {"viewer": home.viewer, "person_id": learner.person_id, "now": NOW}
    with pytest.raises(ReferenceRefused, match="somebody else"):
        references.save_worker(database, reference=number, **known)
    references.save_worker(database, reference="W1", **known)
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (other.organisation_id, other.person_id)).staff_number = "W1"
    for person in (learner, other):
        learn(database, person, catalog=catalog, now=NOW)
    check = found(database, catalog, home.viewer)
    assert {one.id for one in check.people} == {str(learner.person_id), str(other.person_id)}
    assert all("W1" in one.words for one in check.people)
    assert check.written == 0


@pytest.mark.usefixtures("referenced")
def test_references_that_differ_by_spaces_alone_are_the_same_as_they_are_to_the_upload(database, catalog, home, second):
    with pytest.raises(ReferencesRefused):
        references.save_workplaces(database, viewer=home.viewer, references={second: "SITE -01"}, now=NOW)
    one, other = (make_person(database, home, now=NOW) for _ in range(2))
    number = rows(database, Person, id=one.person_id)[0].staff_number
    spaced = f"{number[:1]} {number[1:]}"
    with pytest.raises(ReferenceRefused, match="somebody else"):
        references.save_worker(database, viewer=home.viewer, person_id=other.person_id, reference=spaced, now=NOW)
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (other.organisation_id, other.person_id)).staff_number = spaced
    for person in (one, other):
        learn(database, person, catalog=catalog, now=NOW)
    assert {each.id for each in found(database, catalog, home.viewer).people} == {
        str(person.person_id) for person in (one, other)
    }


@pytest.mark.usefixtures("referenced")
def test_training_from_elsewhere_is_not_said_to_be_e_learning_of_ours(database, catalog, home, learner):
    choices = Choices(accredited="1", delivered_by="2", provider="77")
    asc_wds_settings.save_choices(database, viewer=home.viewer, wanted=choices, now=NOW)
    number = rows(database, Person, id=learner.person_id)[0].staff_number
    some = ((number, item, "2026-02-01") for item in ("every-kind", "for-everyone"))
    lines = table(*some, headings=("Staff number", "Training", "Passed on"))
    known = {"viewer": home.viewer, "catalog": catalog, "now": NOW}
    import_id = completion_imports.plan_file(database, lines=lines, file_name="a.csv", evidence="A classroom", **known)
    completion_imports.apply(database, import_id=import_id, **known)
    learn(database, learner, catalog=catalog, slug="for-everyone", now=NOW - timedelta(days=29, hours=1))
    by_name = {row["TRAININGNAME"]: row for row in file_rows(database, catalog, home.viewer)}
    named = ("ACCREDITED", "WHODELIVERED", "PROVIDERNAME", "HOWDELIVERED", "DATECOMPLETED")
    theirs, ours = (by_name[catalog.title(item)] for item in ("every-kind", "for-everyone"))
    assert [theirs[name] for name in named] == ["999", "", "", "", "01/02/2026"]
    assert [ours[name] for name in named] == ["1", "2", "77", "2", "01/02/2026"]


@pytest.mark.usefixtures("referenced")
def test_an_item_whose_name_is_too_long_is_named_until_it_has_one_of_its_own(database, catalog, home, learner):
    long = replace(catalog.modules["every-kind"], title="A title " + "that goes on " * 12)
    others = {slug: module for slug, module in catalog.modules.items() if slug != "every-kind"}
    longer = replace(catalog, modules={**others, "every-kind": long})
    for slug in ITEMS:
        learn(database, learner, catalog=catalog, slug=slug, now=NOW)
    check = found(database, longer, home.viewer)
    assert [(one.id, one.rows) for one in check.items] == [("every-kind", 1)]
    assert (check.rows, check.left_out) == (3, 1)
    assert len(file_rows(database, longer, home.viewer, leave_out=True)) == 2
    wanted = {"every-kind": ("13", "A title that does not")}
    asc_wds_settings.save_items(database, viewer=home.viewer, catalog=longer, wanted=wanted, now=NOW)
    names = [row["TRAININGNAME"] for row in file_rows(database, longer, home.viewer)]
    assert "A title that does not" in names


@pytest.mark.usefixtures("referenced")
def test_a_pass_that_never_counted_longer_than_its_day_is_left_out_and_named(database, catalog, home, learner):
    for slug in ITEMS:
        learn(database, learner, catalog=catalog, slug=slug, now=NOW)
    with database.write(home.viewer.organisation_id) as session:
        capped = update(StandingRow).where(StandingRow.item == "every-kind")
        session.execute(capped.values(valid_until=TODAY, window_opens_on=TODAY))
    check = found(database, catalog, home.viewer)
    assert [(one.id, one.rows) for one in check.passes] == [(str(learner.person_id), 1)]
    assert check.left_out == 1
    assert len(file_rows(database, catalog, home.viewer, leave_out=True)) == 2


@pytest.fixture
def both(database, home, second):
    """Somebody who works at both sites."""
    person = make_person(database, home, now=NOW)
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=person.person_id,
        job_title_id=home.titles[Role.SOCIAL_CARE],
        site_id=second,
        starts_on=TODAY,
        now=NOW,
    )
    return person


@pytest.mark.usefixtures("referenced")
def test_whoever_works_at_two_sites_has_a_row_for_each(database, catalog, home, second, both):
    references.save_workplaces(database, viewer=home.viewer, references={second: "SITE-02"}, now=NOW)
    learn(database, both, catalog=catalog, now=NOW)
    assert [row["LOCALESTID"] for row in file_rows(database, catalog, home.viewer)] == ["SITE-01", "SITE-02"]
    own = file_rows(database, catalog, site_manager(home, second))
    assert [row["LOCALESTID"] for row in own] == ["SITE-02"]


def test_whoever_has_left_a_site_keeps_their_reference_from_its_manager(database, home, second, learner):
    (job,) = rows(database, Employment, person_id=learner.person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=TODAY, now=NOW)
    later = {"viewer": site_manager(home, home.site_id), "now": NOW + timedelta(days=1)}
    with pytest.raises(NotAllowed):
        references.save_worker(database, person_id=learner.person_id, reference="X", **later)
    with pytest.raises(NotFound):
        references.find_worker(database, viewer=site_manager(home, second), person_id=learner.person_id)


@pytest.mark.usefixtures("referenced")
def test_a_pass_without_a_day_is_named_once_for_both_sites(database, catalog, home, second, both):
    references.save_workplaces(database, viewer=home.viewer, references={second: "SITE-02"}, now=NOW)
    for slug in ITEMS:
        learn(database, both, catalog=catalog, slug=slug, now=NOW)
    with database.write(home.viewer.organisation_id) as session:
        capped = update(StandingRow).where(StandingRow.item == "every-kind")
        session.execute(capped.values(valid_until=TODAY, window_opens_on=TODAY))
    check = found(database, catalog, home.viewer)
    assert [(one.id, one.rows) for one in check.passes] == [(str(both.person_id), 2)]
    assert (check.rows, check.left_out) == (6, 2)


@pytest.mark.usefixtures("both")
def test_a_site_manager_sees_and_sends_only_their_own(database, catalog, home, second):
    here, there = make_person(database, home, now=NOW), make_person(database, home, now=NOW, site_id=second)
    for person in (here, there):
        learn(database, person, catalog=catalog, now=NOW)
    viewer = site_manager(home, second)
    assert [one.name for one in found(database, catalog, viewer).sites] == ["Second site"]
    references.save_workplaces(database, viewer=viewer, references={second: "SITE-02"}, now=NOW)
    number = rows(database, Person, id=there.person_id)[0].staff_number
    assert [row["UNIQUEWORKERID"] for row in file_rows(database, catalog, viewer)] == [number]
    with pytest.raises(NotAllowed):
        references.save_workplaces(database, viewer=viewer, references={home.site_id: "X"}, now=NOW)
    with pytest.raises(NotFound):
        references.save_worker(database, viewer=viewer, person_id=here.person_id, reference="X", now=NOW)
    with pytest.raises(NotAllowed):
        asc_wds_settings.find_choices(database, viewer=viewer)
    with pytest.raises(NotAllowed):
        asc_wds_settings.save_items(database, viewer=viewer, catalog=catalog, wanted={}, now=NOW)


@pytest.mark.usefixtures("referenced")
def test_an_auditor_exports_and_changes_nothing(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    auditor = replace(home.viewer, reads_only=True)
    assert len(file_rows(database, catalog, auditor)) == 1
    for act in (
        lambda: references.save_workplaces(database, viewer=auditor, references={home.site_id: "X"}, now=NOW),
        lambda: references.save_worker(database, viewer=auditor, person_id=learner.person_id, reference="X", now=NOW),
        lambda: asc_wds_settings.save_choices(database, viewer=auditor, wanted=Choices(), now=NOW),
        lambda: asc_wds_settings.save_items(database, viewer=auditor, catalog=catalog, wanted={}, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_learner_gets_neither_the_check_nor_the_file(database, catalog, learner):
    with pytest.raises(NotAllowed):
        found(database, catalog, learner)
    with pytest.raises(NotAllowed), opened(database, catalog, learner):
        pass


@pytest.mark.usefixtures("referenced")
def test_leavers_and_neighbours_are_in_no_file(database, catalog, home, neighbour, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    learn(database, make_person(database, neighbour, now=NOW), catalog=catalog, now=NOW)
    assert len(file_rows(database, catalog, home.viewer)) == 1
    assert [one.name for one in found(database, catalog, neighbour.viewer).sites] == ["First site"]
    (job,) = rows(database, Employment, person_id=learner.person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=TODAY, now=NOW)
    later = NOW + timedelta(days=1)
    assert found(database, catalog, home.viewer, now=later).rows == 0


@pytest.mark.parametrize("wrong", ["x" * 51, "=SITE", "+1", "a\u200bb\u200e" + "x" * 60])
def test_a_reference_that_the_file_could_not_hold_is_never_kept(database, home, wrong):
    with pytest.raises(ReferencesRefused) as refused:
        references.save_workplaces(database, viewer=home.viewer, references={home.site_id: wrong}, now=NOW)
    assert list(refused.value.at) == [home.site_id]
    assert [one.reference for one in references.list_workplaces(database, viewer=home.viewer)] == [""]


def test_references_are_kept_without_what_cannot_be_seen(database, home, learner):
    typed = "SI\u200bTE\u00ad-\u206001\u200d"
    references.save_workplaces(database, viewer=home.viewer, references={home.site_id: typed}, now=NOW)
    assert [one.reference for one in references.list_workplaces(database, viewer=home.viewer)] == ["SITE-01"]
    known = {"viewer": home.viewer, "person_id": learner.person_id}
    references.save_worker(database, reference="W\u200c1\u200b", now=NOW, **known)
    assert references.find_worker(database, **known).reference == "W1"


@pytest.mark.usefixtures("referenced")
def test_a_staff_number_with_something_that_cannot_be_seen_is_to_be_mended_first(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    with database.write(home.viewer.organisation_id) as session:
        person = session.get_one(Person, (learner.organisation_id, learner.person_id))
        person.staff_number = "12\u200b3"
    (lacking,) = found(database, catalog, home.viewer).people
    assert "characters that cannot be seen" in str(lacking)


@pytest.mark.usefixtures("referenced")
def test_two_sites_never_share_a_reference_and_may_change_places(database, home, second):
    with pytest.raises(ReferencesRefused, match="Nothing was changed") as refused:
        references.save_workplaces(database, viewer=home.viewer, references={second: "SITE-01"}, now=NOW)
    assert refused.value.at == {second: "Another site has this reference already."}
    swapped = {home.site_id: "SITE-02", second: "SITE-01"}
    assert references.save_workplaces(database, viewer=home.viewer, references=swapped, now=NOW) == 2
    listed = {one.site_id: one.reference for one in references.list_workplaces(database, viewer=home.viewer)}
    assert listed == swapped
    assert references.save_workplaces(database, viewer=home.viewer, references=swapped, now=NOW) == 0
    references.save_workplaces(database, viewer=home.viewer, references={second: ""}, now=NOW)
    assert [one.reference for one in references.list_workplaces(database, viewer=home.viewer)] == ["SITE-02", ""]


def test_choices_that_the_upload_would_refuse_are_never_kept(database, catalog, home):
    save = asc_wds_settings.save_choices
    for wanted, field in (
        (Choices(provider="77"), "provider"),
        (Choices(provider="77", delivered_by="1"), "provider"),
        (Choices(provider="Us", delivered_by="2"), "provider"),
        (Choices(accredited="2"), "accredited"),
        (Choices(delivered_by="3"), "delivered_by"),
    ):
        with pytest.raises(FileRefused) as refused:
            save(database, viewer=home.viewer, wanted=wanted, now=NOW)
        assert refused.value.field == field
    for category, name in (("41", ""), ("42", ""), ("43", ""), ("3", ""), ("13", "=x"), ("13", "x" * 121)):
        wanted = {"every-kind": (category, name)}
        with pytest.raises(FileRefused) as refused:
            asc_wds_settings.save_items(database, viewer=home.viewer, catalog=catalog, wanted=wanted, now=NOW)
        assert refused.value.field == "every-kind"
    assert asc_wds_settings.find_choices(database, viewer=home.viewer) == Choices()


@pytest.mark.usefixtures("referenced")
def test_every_act_is_in_the_audit_log_once_and_no_reference_of_a_person(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    before = len(rows(database, AuditEntry))
    references.save_worker(database, viewer=home.viewer, person_id=learner.person_id, reference="W-SECRET", now=NOW)
    references.save_worker(database, viewer=home.viewer, person_id=learner.person_id, reference="W-SECRET", now=NOW)
    asc_wds_settings.save_choices(database, viewer=home.viewer, wanted=Choices(), now=NOW)
    wanted = {"every-kind": ("12", "")}
    asc_wds_settings.save_items(database, viewer=home.viewer, catalog=catalog, wanted=wanted, now=NOW)
    file_rows(database, catalog, home.viewer)
    with pytest.raises(ReferenceRefused):
        references.save_worker(database, viewer=home.viewer, person_id=learner.person_id, reference="=x", now=NOW)
    entries = sorted(rows(database, AuditEntry), key=lambda entry: entry.number)[before:]
    acts = ["reference of a person changed", "ASC-WDS file changed", "ASC-WDS file changed", "report exported"]
    assert [entry.act for entry in entries] == acts
    assert "W-SECRET" not in str([entry.detail for entry in entries])


@pytest.mark.usefixtures("referenced")
def test_check_and_file_ask_as_often_for_sixty_people_as_for_ten(database, catalog, home, second):
    references.save_workplaces(database, viewer=home.viewer, references={second: "SITE-02"}, now=NOW)

    def asked(heads):
        for number in range(heads):
            person = make_person(database, home, now=NOW, site_id=(home.site_id, second)[number % 2])
            learn(database, person, catalog=catalog, now=NOW)
        with counting(database) as checking:
            found(database, catalog, home.viewer)
        with counting(database) as writing:
            file_rows(database, catalog, home.viewer)
        return len(checking), len(writing)

    few = asked(4)
    assert asked(20) == few
    assert few[0] <= 8
