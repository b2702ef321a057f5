"""Reviewing content: the list, the whole of an item on one page, signing off, withdrawing, what learners see."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.catalog.sample_content import BODY, module_text, write
from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person
from tests.services.stored import how_many, rows
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.content import EVERY_KIND
from tests.web.inspector import words
from training.catalog.library import load_catalog
from training.domain.roles import Role
from training.models import ContentSignoff, SignoffWithdrawal
from training.services import permissions, signoffs

LIST, ITEM = "/team/content", "/team/content/every-kind"
FORM = "form[action='/team/content/every-kind']"
WITHDRAW = "form[action$='/withdraw']"
TICKED = {"profession": "Consultant psychiatrist", "declared": "y"}
HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE person; --", "{{ 7 * 7 }}", '"><b id="main">', "שלום", "𝕏" * 60]


def sign(browser: Client, *, status: int = 200, **fields: str):
    return browser.submit(browser.get(ITEM), FORM, values=TICKED | fields, status=status)


def tidy(text: str) -> str:
    """Return words as they are seen: the parser puts a space after every element that only isolates its words."""
    return re.sub(r"\s+(?=[,.:])", "", text)


def says(element) -> str:
    return tidy(words(element))


def visible(html: str) -> str:
    """Return rendered HTML without its marks, as a page says it."""
    return tidy(" ".join(re.sub(r"<[^>]*>", " ", html).split()))


@pytest.fixture
def boss(make_client, database, home) -> Client:
    """The browser of a manager of one site."""
    person = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example")
    let_in(database, home, person, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=home.site_id, now=NOW)
    return make_client("boss@home.example")


@ON_SQLITE
def test_the_list_is_linked_from_the_overview_and_says_where_each_item_stands(manager):
    listed = manager.get(manager.get("/team").link("Content"))
    assert listed.heading == "Content"
    assert "3 items: 0 signed off by Home as they are now, 0 in an older version only, 3 not at all. 0 overdue" in tidy(
        listed.main
    )
    titles = [says(link) for link in listed.all("tbody th a")]
    assert titles == ["Every kind of question", "For everyone", "The story"]
    (row, *_) = listed.all("tbody tr")
    cells = {cell.attrs["data-label"]: says(cell) for cell in row.query("td")}
    assert cells["Sign-off"] == "Not signed off here Publisher: none yet Home: none yet"
    assert cells["Sources"] == "1, the oldest checked 22 Nov 2026"
    assert re.fullmatch(r"Social care worker: -?\d+\.\d.*", cells["Reading grade"])
    assert cells["Dates"] == "Written 22 Nov 2026, review by 22 Nov 2027"
    assert cells["Warnings"].isdigit() or cells["Warnings"] == "None"


@ON_SQLITE
def test_an_overdue_review_is_marked_in_the_list_and_on_the_page(manager, time):
    time.move(days=630)
    manager.sign_in("manager@home.example")
    assert "Review overdue" not in tidy(manager.get(ITEM).main)
    time.move(days=1)
    assert "Review overdue" in tidy(manager.get(ITEM).main)
    listed = manager.get(LIST)
    assert "3 overdue for the publisher’s review" in tidy(listed.main)
    assert "the review was due by 2027-11-22" in tidy(manager.get(ITEM).main)


@ON_SQLITE
def test_the_page_of_a_module_has_every_word_of_every_card_question_option_and_feedback(manager, module):
    page = manager.get(ITEM)
    for card in module.cards[Role.SOCIAL_CARE]:
        assert says(page.one(f"#social-care-{card.slug}-title")) == card.title
        told = says(page.one(f"#social-care-{card.slug}"))
        for part in card.parts:
            assert visible(part.html) in told
        for question in card.questions:
            assert visible(question.prompt_html) in told
            for option in question.options:
                assert visible(option.html) in told
                assert option.partner in told
                assert visible(option.feedback_html) in told
    for source in module.sources:
        assert source.title in says(page.one(f"#source-{source.key}"))
    for outcome in module.outcomes:
        assert outcome in page.main


@ON_SQLITE
def test_the_page_says_which_option_is_right_and_which_question_is_of_safety(manager, module):
    page = manager.get(ITEM)
    marked = {}
    for box in page.all("article .app-option"):
        marked[says(box.query("p")[0])] = says(box.query(".app-feedback__heading")[0])
    assert (marked["Wait"], marked["Ring today"]) == ("Not right", "Right")
    assert (marked["True"], marked["False"]) == ("Not right", "Right")
    assert (marked["Shaking"], marked["A fall"], marked["A good meal"]) == ("Right", "Right", "Not right")
    assert (marked["1. Notice the change"], marked["3. Tell someone who can act"]) == ("Place 1", "Place 3")
    assert marked["Restless goes with Akathisia"] == "This pair"
    must = [question for question in module.questions(Role.SOCIAL_CARE) if question.must]
    assert len(page.all(".app-question__must")) == len(must) == 1


@ON_SQLITE
def test_a_module_for_several_roles_shows_each_and_leads_back_where_the_words_are_the_same(manager, catalog):
    page = manager.get("/team/content/for-everyone")
    assert [says(h2) for h2 in page.all("h2[id^='role-']")] == [
        role.label for role in catalog.item("for-everyone").roles
    ]
    assert says(page.one("#prescriber-look-first")).count("Report it the same day") == 1
    other = page.one("#family-carer-look-first")
    assert "Word for word as the prescriber reads it" in says(other)
    assert other.query("a")[0].attrs["href"] == "#prescriber-look-first"


@ON_SQLITE
def test_the_page_of_a_story_has_every_scene_choice_tag_and_ending(manager, catalog):
    page = manager.get("/team/content/the-story")
    for slug, scene in catalog.item("the-story").scenes.items():
        told = says(page.one(f"#scene-{slug}"))
        assert visible(scene.html) in told
        for choice in scene.choices:
            assert visible(choice.html) in told
            assert visible(choice.feedback_html).split(".")[0] in told
        if scene.ending:
            assert {"safe": "A safe ending", "unsafe": "An unsafe ending"}[scene.ending] in told
    assert "A safe choice" in page.main
    assert "A dangerous choice" in page.main
    assert page.all("#source-mar")


def test_a_manager_signs_off_and_learners_see_who(manager, learner, database, module):
    assert "Awaiting clinical sign-off." in tidy(learner.get("/modules/every-kind").main)
    signed = sign(manager, note="Read with our pharmacist")
    assert "Signed off here" in tidy(signed.main)
    assert "manager, Consultant psychiatrist" in tidy(signed.main)
    assert "Read with our pharmacist" in tidy(signed.main)
    (row,) = rows(database, ContentSignoff)
    assert (row.content_hash, row.item, row.recorded_at) == (module.content_hash, "every-kind", NOW)
    seen = tidy(learner.get("/modules/every-kind").main)
    assert "Clinical sign-off by Home: manager, Consultant psychiatrist, 2 Mar 2026." in seen
    assert "Awaiting" not in seen
    assert "pharmacist" not in seen
    assert "by the publisher" not in seen
    assert "1 signed off by Home as they are now" in tidy(manager.get(LIST).main)
    assert "Awaiting clinical sign-off." in tidy(learner.get("/modules/for-everyone").main)


def test_a_sign_off_is_withdrawn_with_a_reason_and_learners_await_one_again(manager, learner, database):
    signed = sign(manager)
    refused = manager.submit(signed, WITHDRAW, reason=" ", status=400)
    assert refused.heading == "That sign-off was not withdrawn"
    assert "Say why" in refused.main
    after = manager.submit(manager.get(ITEM), WITHDRAW, reason="A dose has changed")
    assert "Withdrawn on 2 Mar 2026 by manager: A dose has changed" in tidy(after.main)
    assert "Not signed off here" in tidy(after.main)
    assert not after.all(WITHDRAW)
    assert "Awaiting clinical sign-off." in tidy(learner.get("/modules/every-kind").main)
    again = manager.press(signed, WITHDRAW, reason="Once more")
    assert (again.status, again.heading) == (400, "That sign-off was not withdrawn")
    assert "already" in again.main
    assert how_many(database, SignoffWithdrawal) == 1


@ON_SQLITE
@pytest.mark.parametrize("left_out", ["profession", "declared"])
def test_what_was_left_out_is_asked_for_at_its_field_and_the_rest_comes_back(manager, database, left_out):
    page = manager.get(ITEM)
    fields = {"profession": "Nurse", "note": "Typed", "declared": "y"} | {left_out: []}
    again = manager.submit(page, FORM, values=fields, status=400)
    assert [link.attrs["href"] for link in again.all(".nhsuk-error-summary a")] == [f"#{left_out}"]
    assert words(again.one(f"#{left_out}-error")).startswith("Error: ")
    assert again.one("#note").to_text().strip() == "Typed"
    assert ("checked" in again.one("#declared").attrs) == (left_out != "declared")
    assert how_many(database, ContentSignoff) == 0


def test_words_that_cannot_be_kept_are_asked_for_again(manager, database):
    for field, typed in (("profession", "\u202e"), ("profession", "x" * 256), ("note", "x" * 2001)):
        again = sign(manager, status=400, **{field: typed})
        assert [link.attrs["href"] for link in again.all(".nhsuk-error-summary a")] == [f"#{field}"]
    assert how_many(database, ContentSignoff) == 0


def test_hostile_words_are_shown_as_they_were_typed_and_do_nothing(manager, learner, time):
    for typed in HOSTILE:
        time.move(minutes=1)
        signed = sign(manager, profession=typed, note=typed)
        assert says(signed.all(".app-timeline__entry")[0]).count(tidy(typed)) == 2
        assert tidy(typed) in tidy(learner.get("/modules/every-kind").main)
        assert tidy(typed) in tidy(manager.get(LIST).main)
        withdrawn = manager.submit(signed, WITHDRAW, reason=typed)
        assert f"by manager: {tidy(typed)}" in tidy(withdrawn.main)


def test_a_hostile_name_is_shown_as_it_is(make_client, manager, learner, database, home):
    name = "<img src=x onerror=alert(1)> & Ann"
    person = make_person(database, home, now=NOW, name=name, email="odd@home.example")
    let_in(database, home, person, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=person.person_id, site_id=None, now=NOW)
    sign(make_client("odd@home.example"))
    for browser, address in ((learner, "/modules/every-kind"), (manager, LIST), (manager, ITEM)):
        assert f"{name}, Consultant psychiatrist" in tidy(browser.get(address).main)


def test_a_learner_sees_none_of_it(learner, database, manager):
    for address in (LIST, ITEM):
        assert learner.get(address, status=403).heading == "You cannot see this page"
    (row,) = signed_rows(manager, database)
    assert learner.send(ITEM, TICKED | {"content_hash": row.content_hash}).status == 403
    assert learner.send(f"{ITEM}/withdraw", {"signoff_id": str(row.id), "reason": "No"}).status == 403
    assert (how_many(database, ContentSignoff), how_many(database, SignoffWithdrawal)) == (1, 0)


def signed_rows(manager: Client, database):
    sign(manager)
    return rows(database, ContentSignoff)


@ON_SQLITE
def test_the_manager_of_one_site_reads_and_neither_signs_nor_withdraws(boss, manager, database, module):
    (row,) = signed_rows(manager, database)
    page = boss.get(ITEM)
    assert "A manager of the whole organisation can sign it off." in page.main
    assert not page.all("main form")
    assert boss.send(ITEM, TICKED | {"content_hash": module.content_hash}).status == 403
    assert boss.send(f"{ITEM}/withdraw", {"signoff_id": str(row.id), "reason": "No"}).status == 403
    assert (how_many(database, ContentSignoff), how_many(database, SignoffWithdrawal)) == (1, 0)


def test_another_organisation_sees_and_withdraws_nothing_of_it(make_client, manager, database, catalog):
    (row,) = signed_rows(manager, database)
    make_organisation(database, catalog=catalog, now=NOW, slug="away")
    stranger = make_client("manager@away.example")
    assert "Consultant psychiatrist, 2 Mar" not in tidy(stranger.get(LIST).main) + tidy(stranger.get(ITEM).main)
    assert stranger.send(f"{ITEM}/withdraw", {"signoff_id": str(row.id), "reason": "No"}).status == 404
    assert how_many(database, SignoffWithdrawal) == 0


@ON_SQLITE
def test_what_is_not_there_is_not_found(manager):
    manager.get("/team/content/no-such-item", status=404)
    assert manager.send("/team/content/no-such-item", TICKED | {"content_hash": "x"}).status == 404
    for signoff_id in ("", "not-an-id", "00000000-0000-0000-0000-000000000000"):
        assert manager.send(f"{ITEM}/withdraw", {"signoff_id": signoff_id, "reason": "No"}).status == 404


@ON_SQLITE
def test_content_that_changed_under_the_reader_is_read_again_before_it_is_signed(
    make_app, database, catalog, content, tmp_path
):
    folder = Path(shutil.copytree(content, tmp_path / "content"))
    make = make_app(content_dir=folder)
    home = make_organisation(database, catalog=catalog, now=NOW)
    browser = Client(make)
    browser.sign_in("manager@home.example")
    read = browser.get(ITEM)
    path = write(
        folder, module_text(EVERY_KIND + "\n## Another card\n\nNew words.\n", version='"1.1"'), "modules/every-kind.md"
    )
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
    refused = browser.submit(read, FORM, values=TICKED | {"note": "Typed"}, status=400)
    assert "The content has changed since you opened this page. Read it again" in says(refused.one("#declared-error"))
    assert "New words." in refused.main
    assert "checked" not in refused.one("#declared").attrs
    assert refused.one("#profession").attrs["value"] == "Consultant psychiatrist"
    assert refused.one("#note").to_text().strip() == "Typed"
    assert how_many(database, ContentSignoff) == 0
    browser.submit(refused, FORM, declared="y")
    (row,) = rows(database, ContentSignoff)
    assert row.content_hash == load_catalog(folder).item("every-kind").content_hash
    assert row.content_hash != catalog.item("every-kind").content_hash
    listed = signoffs.list_reviewed(database, viewer=home.viewer, catalog=catalog, today=NOW.date())
    assert listed[0].state == "older", "to somebody with the content of before it is another version"


@ON_SQLITE
def test_a_field_left_out_does_not_make_a_reader_of_old_content_a_reader_of_new(
    make_app, database, catalog, content, tmp_path
):
    folder = Path(shutil.copytree(content, tmp_path / "content"))
    make_organisation(database, catalog=catalog, now=NOW)
    browser = Client(make_app(content_dir=folder))
    browser.sign_in("manager@home.example")
    read = browser.get(ITEM)
    path = write(folder, module_text(BODY, version='"1.1"'), "modules/every-kind.md")
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
    again = browser.submit(read, FORM, declared="y", status=400)
    refused = browser.submit(again, FORM, profession="Nurse", status=400)
    assert "The content has changed" in refused.main
    assert how_many(database, ContentSignoff) == 0


@ON_SQLITE
def test_both_sides_sign_offs_are_shown_to_learners_and_managers(make_app, database, content, tmp_path):
    folder = Path(shutil.copytree(content, tmp_path / "content"))
    by_publisher = module_text(EVERY_KIND, clinical_signoff="{who: Dr Ada Page, on: 2026-11-20}")
    write(folder, by_publisher, "modules/every-kind.md")
    app = make_app(content_dir=folder)
    home = make_organisation(database, catalog=load_catalog(folder), now=NOW)
    let_in(database, home, make_person(database, home, now=NOW, email="worker@home.example"), now=NOW)
    manager, learner = Client(app), Client(app)
    manager.sign_in("manager@home.example")
    learner.sign_in("worker@home.example")
    by_them, by_us = "Clinical sign-off by the publisher: Dr Ada Page, 20 Nov 2026.", "Clinical sign-off by Home:"
    seen = tidy(learner.get("/modules/every-kind").main)
    assert by_them in seen
    assert by_us not in seen
    assert "Awaiting" not in seen
    assert "Publisher: Dr Ada Page, 20 Nov 2026 Home: none yet" in tidy(manager.get(ITEM).main)
    sign(manager)
    seen = tidy(learner.get("/modules/every-kind").main)
    assert by_them in seen
    assert by_us in seen


@ON_SQLITE
def test_the_sign_off_is_shown_without_an_organisation_too(app, catalog):
    """Pages that anybody may read have only the item to go by."""
    with app.test_request_context():
        template = app.jinja_env.from_string('{% from "components/signoff.html" import signoff %}{{ signoff(item) }}')
        assert "Awaiting clinical sign-off." in template.render(item=catalog.item("every-kind"))
