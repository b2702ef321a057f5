"""The map of a scenario: every scene a box, every choice an arrow of its kind, and the shipped maps up to date."""

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sample_content import SCENARIO_BODY, scenario_text, write

from training.catalog.authored import read_authored
from training.catalog.map_drawing import MOST_SCENES, PENS, TooLargeToDraw, draw_map
from training.catalog.map_layers import Link, layered
from training.catalog.map_layout import lay_out
from training.catalog.map_lettering import cut, lines_of, width_of
from training.domain.scenario import BACK, Tag

MAPS = Path(__file__).parents[2] / "docs" / "maps"
COMMAND = "training content graph --all --output docs/maps"
SVG = "{http://www.w3.org/2000/svg}"
# In millimetres: four points.
TINIEST_ON_PAPER = 1.4


def scenario(folder, body=SCENARIO_BODY, **front):
    authored, faults = read_authored(write(folder, scenario_text(body, **front), "scenarios/story.md"))
    assert faults.found == []
    return authored.item


def parsed(svg: str) -> ElementTree.Element:
    """Return a map of our own as a tree."""
    return ElementTree.fromstring(svg)  # noqa: S314


def arrows(svg: str, tag: Tag) -> list[ElementTree.Element]:
    """Return the arrows of a kind, without the one in the legend."""
    root = parsed(svg)
    return [path for path in root.iter(f"{SVG}path") if path.get("marker-end") == f"url(#arrow-{tag})"][:-1]


def test_the_shipped_maps_are_those_of_the_shipped_scenarios(catalog):
    drawn = {f"{slug}.svg": draw_map(scenario) for slug, scenario in catalog.scenarios.items()}
    shipped = {path.name: path.read_text(encoding="utf-8") for path in MAPS.glob("*.svg")}
    old = sorted(name for name in drawn if shipped.get(name) != drawn[name])
    assert not old, f"{', '.join(old)} in docs/maps are missing or out of date. Run: {COMMAND}"
    left_over = sorted(shipped.keys() - drawn.keys())
    assert not left_over, f"docs/maps has maps of scenarios that are gone: delete {', '.join(left_over)}"


def test_the_shipped_maps_can_be_read_on_a_sheet_of_a4(catalog):
    for slug, story in catalog.scenarios.items():
        root = parsed(draw_map(story))
        width, height = (float(root.get(side).removesuffix("mm")) for side in ("width", "height"))
        assert min(width, height) <= 190, slug
        assert max(width, height) <= 277, slug
        smallest = min(float(text.get("font-size")) for text in root.iter(f"{SVG}text") if len(text.text) > 2)
        assert smallest * width / float(root.get("viewBox").split()[2]) >= TINIEST_ON_PAPER, slug


def test_every_scene_is_a_box_and_every_choice_an_arrow_of_its_kind(catalog):
    for story in catalog.scenarios.values():
        svg = draw_map(story)
        choices = [choice for scene in story.scenes.values() for choice in scene.choices if choice.target != BACK]
        for tag in Tag:
            assert len(arrows(svg, tag)) == sum(choice.tag is tag for choice in choices), (story.slug, tag)
        assert len(re.findall(r'<rect x="', svg)) == len(story.scenes)


def test_kinds_can_be_told_without_colours(tmp_path):
    svg = draw_map(scenario(tmp_path, SCENARIO_BODY.replace("- [Ask]", "- [Wait](#worse) {unsafe}\n- [Ask]")))
    looks = {
        tag: {(arrow.get("stroke-width"), arrow.get("stroke-dasharray")) for arrow in arrows(svg, tag)}
        for tag in (Tag.SAFE, Tag.UNSAFE, Tag.CRITICAL)
    }
    assert looks == {Tag.SAFE: {("1.8", None)}, Tag.UNSAFE: {("1.8", "7 4")}, Tag.CRITICAL: {("3.6", None)}}
    assert "Safe ending" in svg
    assert "Unsafe ending" in svg


def test_conditions_stand_beside_a_choice(tmp_path):
    body = SCENARIO_BODY.replace("- [Ask](#treated) {safe}", "- [Ask](#treated) {once} {set told_gp: yes}")
    body = body.replace("- [Give", "- [Go on](#treated) {if told_gp: no}\n- [Give")
    svg = draw_map(scenario(tmp_path, body))
    assert ">sets told_gp: yes · once<" in svg
    assert ">if told_gp: no<" in svg


def test_going_back_is_said_and_needs_no_arrow(tmp_path):
    body = SCENARIO_BODY.replace(
        "- [Ask](#treated)",
        "- [Look](#look)\n- [Ask](#treated)",
    ).replace("## Treated", "## Look {#look}\n\nLook.\n\n- [Return](#back)\n- [Go on](#treated)\n\n## Treated")
    svg = draw_map(scenario(tmp_path, body))
    assert "Return (back)" in svg
    assert "(neither) to the scene before" in svg
    assert len(arrows(svg, Tag.NONE)) == 2


def test_a_map_says_in_words_what_it_shows_and_runs_nothing(tmp_path):
    svg = draw_map(scenario(tmp_path, title='"Loud <b> & long"'))
    root = parsed(svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Map of “Loud <b> & long”"
    assert description.text == (
        "3 scenes, 2 of them endings. It begins with: Monday. Safe endings: Treated. Unsafe endings: Worse. "
        "From Monday: Ask (safe) to Treated; Give the tablet (critical) to Worse."
    )
    assert not re.search(r"<script|<style|<foreignObject|\bon\w+=|href", svg)


def test_boxes_never_overlap_and_the_story_runs_from_the_top_down(catalog):
    for story in catalog.scenarios.values():
        choices = [
            Link(slug, choice.target)
            for slug, scene in story.scenes.items()
            for choice in scene.choices
            if choice.target != BACK
        ]
        endings = [slug for slug, scene in story.scenes.items() if scene.ending]
        sizes = {slug: (200.0, 40.0 + 10 * len(slug)) for slug in story.scenes}
        layout = lay_out(sizes, choices, first=story.start, last=endings)
        for one, other in combinations(layout.boxes.values(), 2):
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
        assert min(layout.boxes.values(), key=lambda box: box.y) == layout.boxes[story.start]
        assert {layout.boxes[slug].y for slug in endings} == {max(box.y for box in layout.boxes.values())}
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for route in layout.routes for x, y in route)


def test_a_route_begins_and_ends_at_the_edges_of_its_boxes():
    sizes = dict.fromkeys("abcd", (100.0, 50.0))
    links = [Link("a", "b"), Link("b", "c"), Link("c", "a"), Link("b", "b"), Link("c", "d"), Link("a", "d")]
    layout = lay_out(sizes, links, first="a", last=["d"])
    for link, route in zip(links, layout.routes, strict=True):
        for name, (x, y) in ((link.source, route[0]), (link.target, route[-1])):
            box = layout.boxes[name]
            assert box.x < x < box.x + box.width
            assert y in (box.y, box.y + box.height)


def test_rows_are_steps_from_the_start_and_boxes_are_ordered_so_that_arrows_do_not_cross():
    layers = layered("abcde", [Link("a", "b"), Link("a", "c"), Link("b", "e"), Link("c", "d")], first="a", last="de")
    assert layers.rows[0] == ["a"]
    assert (layers.rows[1], layers.rows[2]) in ((["b", "c"], ["e", "d"]), (["c", "b"], ["d", "e"]))


def test_a_story_too_large_for_a_page_is_refused(tmp_path):
    story = scenario(tmp_path)
    many = {f"s{number}": replace(story.scenes["treated"], slug=f"s{number}") for number in range(MOST_SCENES - 3)}
    assert draw_map(replace(story, scenes={**story.scenes, **many})).count("Safe ending<") == MOST_SCENES - 2
    with pytest.raises(TooLargeToDraw, match="121 scenes"):
        draw_map(replace(story, scenes={**story.scenes, **many, "more": story.scenes["treated"]}))


def test_words_are_cut_and_broken_to_the_room_there_is():
    assert cut("Ring the GP", 12, 100) == "Ring the GP"
    shorter = cut("Ring the GP today", 12, 70)
    assert "Ring the GP today".startswith(shorter.removesuffix("…"))
    assert 60 < width_of(shorter, 12) <= 70
    assert width_of("mmm", 10) > 2 * width_of("iii", 10)
    lines = lines_of("Ring the GP today and ring again", 12, 70)
    assert " ".join(lines) == "Ring the GP today and ring again"
    assert all(width_of(line, 12) <= 70 for line in lines)
    assert lines_of("x" * 40, 12, 70)[0].endswith("…")


def test_every_kind_of_choice_has_a_pen():
    assert set(PENS) == set(Tag)
