"""The content folder becomes one frozen catalogue, or one list of everything wrong in it."""

import dataclasses
import time
from datetime import date
from pathlib import Path

import pytest
from sample_content import BODY, MODULE_FRONT, TRACKS, module_text, scenario_text, with_card, write

from training.catalog.faults import ContentFaulty
from training.catalog.library import Catalog, ItemUnknown, check_content, load_catalog
from training.catalog.snapshot import SnapshotUnreadable, from_json, to_json
from training.catalog.source_text import content_hash
from training.domain.module import Module, SignOff, Source
from training.domain.roles import Role
from training.domain.scenario import Scenario

SHIPPED = Path(__file__).parents[2] / "content"


@pytest.fixture
def content(tmp_path) -> Path:
    folder = tmp_path / "content"
    write(folder, module_text(), "modules/first.md")
    write(folder, module_text(title="Another"), "modules/second.md")
    write(folder, scenario_text(), "scenarios/story.md")
    write(folder, tracks(core="[story, first]"), "tracks.yaml")
    return folder


def tracks(core: str = "[]", further: str = "[]") -> str:
    return TRACKS.replace(
        "social-care: {title: T, purpose: P, core: [], further: []}",
        f"social-care: {{title: Care staff, purpose: P, core: {core}, further: {further}}}",
    )


def messages(folder: Path) -> list[str]:
    with pytest.raises(ContentFaulty) as caught:
        load_catalog(folder)
    assert list(caught.value.faults) == check_content(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


def test_the_shipped_content_has_no_faults():
    assert [str(fault) for fault in check_content(SHIPPED)] == []


def test_the_shipped_content_loads_within_two_seconds_and_serves_every_role():
    began = time.process_time()
    catalog = load_catalog(SHIPPED)
    assert time.process_time() - began < 2
    for role in Role:
        assert catalog.tracks[role].core
        assert all(role in catalog.item(slug).roles for slug in catalog.tracks[role].items)


def test_the_shipped_content_survives_being_kept_as_a_snapshot():
    for item in load_catalog(SHIPPED).items():
        assert from_json(item.kind, to_json(item)) == item


def test_a_catalogue_finds_its_items_by_slug_and_by_role(content):
    catalog = load_catalog(content)
    assert isinstance(catalog.item("first"), Module)
    assert isinstance(catalog.item("story"), Scenario)
    assert [item.slug for item in catalog.items_for(Role.SOCIAL_CARE)] == ["story", "first", "second"]
    assert catalog.items_for(Role.PRESCRIBER) == ()
    assert catalog.title("second") == "Another"
    assert catalog.title("gone") == "gone"
    assert catalog.find("gone") is None
    with pytest.raises(ItemUnknown):
        catalog.item("gone")


def test_a_catalogue_cannot_be_changed(content):
    catalog: Catalog = load_catalog(content)
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalog.modules = {}
    with pytest.raises(TypeError):
        catalog.modules["first"] = None


def test_a_module_keeps_what_its_front_matter_says(content):
    signed = module_text(clinical_signoff="{who: Dr A Name, on: 2026-12-01}", replaces="old", material="true")
    write(content, signed, "modules/first.md")
    module = load_catalog(content).item("first")
    assert (module.slug, module.kind, module.title, module.version) == (
        "first",
        "module",
        MODULE_FRONT["title"],
        "1.0",
    )
    assert (module.minutes, module.pass_mark, module.material, module.replaces) == (3, 80, True, "old")
    assert module.clinical_signoff == SignOff("Dr A Name", date(2026, 12, 1))
    assert module.sources == (Source("mar", "Records", "CQC", "https://example.org/mar", date(2026, 11, 22)),)
    assert (module.written_on, module.review_by) == (date(2026, 11, 22), date(2027, 11, 22))
    assert module.content_hash == content_hash(signed)


def test_the_hash_is_of_the_words_and_not_of_how_an_editor_saved_them():
    assert content_hash("\ufeffa\r\nb\rc") == content_hash("a\nb\nc")
    assert content_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert content_hash("a\n") != content_hash("a")


@pytest.mark.parametrize("slug", ["first", "story"])
def test_a_snapshot_gives_back_the_same_item(content, slug):
    item = load_catalog(content).item(slug)
    assert from_json(item.kind, to_json(item)) == item
    assert to_json(from_json(item.kind, to_json(item))) == to_json(item)


@pytest.mark.parametrize(("kind", "text"), [("module", "{}"), ("module", "x"), ("scenario", ""), ("poem", "{}")])
def test_what_is_no_snapshot_is_refused(kind, text):
    with pytest.raises(SnapshotUnreadable):
        from_json(kind, text)


def test_a_snapshot_of_the_other_kind_is_refused(content):
    with pytest.raises(SnapshotUnreadable):
        from_json("scenario", to_json(load_catalog(content).item("first")))


def test_an_empty_folder_is_faulty(tmp_path):
    assert messages(tmp_path) == [
        "tracks.yaml:1: the file cannot be read (No such file or directory): check that it is there and may be read"
    ]


def test_tracks_over_no_content_are_faulty(tmp_path):
    write(tmp_path, tracks(core="[first]"), "tracks.yaml")
    assert messages(tmp_path) == [
        "tracks.yaml:3: the track of social-care names `first`, which is no module or scenario: correct it"
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (tracks(further="[gone]"), "3: the track of social-care names `gone`, which is no module or scenario"),
        (TRACKS.replace("core: []", "core: [first]", 1), "1: `first` is not for prescriber"),
        (tracks(core="[first]", further="[first]"), "3: the track of social-care names `first` twice"),
        (TRACKS.replace("prescriber: ", "doctor: ", 1), "1: `doctor` is not a role"),
        (TRACKS.replace("prescriber: ", "doctor: ", 1), "1: there is no track for prescriber"),
        (
            TRACKS.replace("title: T", "title: no", 1),
            "1: `prescriber.title` is read as true or false: put quotes round",
        ),
        (TRACKS.replace(", further: []", "", 1), "1: missing key `prescriber.further`"),
        (tracks(core="[1.0]"), '3: `social-care.core` is read as a number: put quotes round it, "1.0"'),
        (TRACKS + "\nsocial-care: {}", "5: `social-care` is here twice (first on line 3)"),
        ("- a", "1: this needs keys and values"),
        ("", "1: the file is empty"),
    ],
)
def test_what_is_wrong_in_the_tracks_is_named(content, text, says):
    path = write(content, text, "tracks.yaml")
    assert any(message.startswith(f"tracks.yaml:{says}") for message in messages(content)), messages(content)
    assert [str(fault).removeprefix(f"{content}/") for fault in check_content(path)] == messages(content)


def test_a_track_may_name_an_item_whose_own_faults_are_told_elsewhere(content):
    write(content, module_text(minutes="2"), "modules/first.md")
    assert [message.split(":")[0] for message in messages(content)] == ["modules/first.md"]


def test_all_faults_of_all_files_are_told_at_once(content):
    write(content, module_text(minutes="2"), "modules/first.md")
    write(content, scenario_text(minutes="2"), "scenarios/story.md")
    write(content, tracks(core="[gone]"), "tracks.yaml")
    assert [message.split(":")[0] for message in messages(content)] == [
        "modules/first.md",
        "scenarios/story.md",
        "tracks.yaml",
    ]


def test_a_module_and_a_scenario_cannot_share_a_name(content):
    write(content, scenario_text(), "scenarios/first.md")
    assert any("the name `first` is taken by" in message for message in messages(content))


def test_a_file_name_is_an_address(content):
    write(content, module_text(), "modules/Bad Name.md")
    assert any(
        message.startswith("modules/Bad Name.md:1: the file's name is its address") for message in messages(content)
    )


@pytest.mark.parametrize(("address", "leads"), [("/modules/second", True), ("/modules/gone", False), ("/carers", True)])
def test_a_link_to_another_item_must_lead_somewhere(content, address, leads):
    write(content, with_card(f"See [this]({address})."), "modules/first.md")
    faults = check_content(content)
    assert (faults == []) is leads
    assert all("leads nowhere: link to a file of content/modules" in fault.message for fault in faults)


def test_items_that_replace_each_other_in_a_circle_are_named(content):
    write(content, module_text(replaces="second"), "modules/first.md")
    write(content, module_text(replaces="first"), "modules/second.md")
    assert [message.split(" (")[0] for message in messages(content)] == [
        "modules/first.md:14: `replaces` goes in a circle",
        "modules/second.md:14: `replaces` goes in a circle",
    ]


def test_an_item_may_replace_one_that_is_gone_but_not_itself(content):
    write(content, module_text(replaces="gone"), "modules/first.md")
    assert check_content(content) == []
    write(content, module_text(replaces="first"), "modules/first.md")
    assert len(check_content(content)) == 1


def test_one_file_or_one_folder_can_be_checked_alone(content):
    bad = write(content, module_text(minutes="2"), "modules/first.md")
    assert len(check_content(bad)) == 1
    assert len(check_content(content / "modules")) == 1
    assert check_content(content / "scenarios") == []
    elsewhere = write(content.parent / "drafts", scenario_text())
    assert check_content(elsewhere) == []
    assert check_content(elsewhere.parent) == []


def test_three_hundred_modules_load_within_five_seconds(tmp_path):
    cards = "".join(f"\n::: role prescriber\n## Card {n}\n\nSome **bold** words.[^mar]\n:::\n" for n in range(10))
    for number in range(300):
        write(tmp_path, module_text(BODY + cards, roles="[prescriber, social-care]"), f"modules/m-{number}.md")
    write(tmp_path, TRACKS, "tracks.yaml")
    began = time.process_time()
    assert len(load_catalog(tmp_path).modules) == 300
    assert time.process_time() - began < 5
