"""A scenario file: scenes, the choices that join them, and the marks on each."""

import re
from dataclasses import dataclass
from pathlib import Path

from training.catalog.blocks import Block, Heading, Node, Text, parse_blocks
from training.catalog.choices import read_choices, split_choices
from training.catalog.faults import Faults
from training.catalog.front_matter import Document, ScenarioFront, common_fields, read_document
from training.catalog.passages import Reading, check_heading, read_prose
from training.catalog.prose import Page, cited, count_words
from training.catalog.rendering import Renderer
from training.catalog.source_text import content_hash
from training.catalog.story import Story, Told, check_story
from training.catalog.strict_yaml import NAME
from training.catalog.timing import check_scenario_minutes
from training.domain.scenario import BACK, Ending, Scenario, Scene

MARK = re.compile(r"\{([^{}]*)\}")
ENDING = re.compile(r"ending(?::\s*(\S*))?")


@dataclass(slots=True)
class _Draft:
    """A scene's heading taken apart, and what stands under it."""

    heading: Heading
    slug: str
    ending: Ending | None
    nodes: list[Node]


def read_scenario(path: Path, text: str, faults: Faults) -> Reading | None:
    """Return the scenario of a normalised source text, or None when it has faults."""
    document = read_document(text, ScenarioFront, faults)
    if document is None:
        return None
    page = Page(faults, dict.fromkeys(document.front.sources, 0), path.parent)
    nodes = parse_blocks(document.body, document.body_line, faults)
    drafts = _drafts(nodes, document, faults)
    renderer = Renderer(page)
    story = Story(document.front.facts)
    for draft in drafts:
        _tell(draft, story, page, renderer)
    check_story(story, faults)
    if not len(faults):
        _check_minutes(document, story, faults)
    if len(faults):
        return None
    scenario = Scenario(
        **common_fields(document.front),
        slug=path.stem,
        start=drafts[0].slug,
        facts=dict(document.front.facts),
        scenes=story.scenes,
        content_hash=content_hash(text),
    )
    return Reading(scenario, path, dict(document.lines), tuple(page.links), nodes)


def _drafts(nodes: tuple[Node, ...], document: Document, faults: Faults) -> list[_Draft]:
    drafts: list[_Draft] = []
    for node in nodes:
        if isinstance(node, Heading):
            drafts.append(_draft(node, faults))
        elif isinstance(node, Block) and node.name in ("role", "question"):
            faults.add(node.line, f"`::: {node.name}` belongs in a module: tell the story in text and choices")
        elif drafts:
            drafts[-1].nodes.append(node)
        else:
            faults.add(node.line, "this stands in no scene: put `## Heading {#address}` above it")
    if not drafts:
        faults.add(document.body_line, "there are no scenes: write one, `## Heading {#address}`, and its choices")
    return drafts


def _draft(heading: Heading, faults: Faults) -> _Draft:
    marks = [mark.strip() for mark in MARK.findall(heading.title)]
    title = MARK.sub("", heading.title).strip()
    check_heading(Heading(heading.line, title), faults)
    slugs = [mark[1:] for mark in marks if mark.startswith("#")]
    if len(slugs) != 1 or not re.fullmatch(NAME, slugs[0]) or slugs[0] == BACK:
        faults.add(heading.line, "the scene needs one address of its own, not `back`: `## Heading {#monday}`")
    others = [mark for mark in marks if not mark.startswith("#")]
    ending = _ending(heading, others, faults)
    return _Draft(Heading(heading.line, title), slugs[0] if slugs else "", ending, [])


def _ending(heading: Heading, marks: list[str], faults: Faults) -> Ending | None:
    for mark in marks:
        found = ENDING.fullmatch(mark)
        if found and found[1] in list(Ending):
            return Ending(found[1])
        if found:
            faults.add(heading.line, "the ending does not say whether it is safe: {ending: safe} or {ending: unsafe}")
        else:
            faults.add(heading.line, f"`{{{mark}}}` is not a mark of a scene: write {{#address}} or {{ending: safe}}")
    return None


def _tell(draft: _Draft, story: Story, page: Page, renderer: Renderer) -> None:
    """Add a scene to the story, its prose rendered and its choices read."""
    before, listed = split_choices(draft.nodes, page.faults)
    html = "\n".join(read_prose(node, page, renderer) for node in before)
    choices, readable = read_choices(listed, draft.slug, page, renderer) if listed else ((), True)
    texts = [node.text.text if isinstance(node, Block) else node.text for node in before]
    scene = Scene(
        slug=draft.slug,
        title=draft.heading.title,
        html=html,
        choices=tuple(choice for choice, _ in choices),
        ending=draft.ending,
        sources=tuple(dict.fromkeys(key for text in _all_texts(texts, listed) for key in cited(text))),
    )
    words = sum(count_words(text) for text in _all_texts(texts, listed))
    if not before and not any(fault.line == draft.heading.line for fault in page.faults.found):
        page.faults.add(draft.heading.line, "the scene tells nothing: write what happens under its heading")
    lines = tuple(line for _, line in choices)
    story.add(Told(scene, draft.heading.line, lines, words, readable), page.faults)


def _all_texts(texts: list[str], listed: Text | None) -> list[str]:
    return [*texts, listed.text] if listed else texts


def _check_minutes(document: Document, story: Story, faults: Faults) -> None:
    check_scenario_minutes(
        document.front.minutes,
        shortest=story.shortest_minutes(),
        whole=sum(story.minutes.values()),
        line=document.lines["minutes"],
        faults=faults,
    )
