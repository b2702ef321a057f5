"""The map of a scenario as SVG: scenes as boxes, choices as numbered arrows coloured by what they mean."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.catalog.map_layers import Link
from training.catalog.map_layout import Box, Layout, Point, lay_out
from training.catalog.map_lettering import cut, lines_of
from training.domain.scenario import BACK, Choice, Ending, Scenario, Scene, Tag

MOST_SCENES = 120
A4_WIDTH, A4_HEIGHT = 190.0, 277.0
BOX_WIDTH = 232.0
INDENT = 14.0
LINE, SMALL_LINE, PAD = 16.0, 13.0, 8.0
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 13.0, 12.0, 10.5
BADGE = 7.0
WRITABLE = BOX_WIDTH - 2 * PAD - INDENT
BOLD = 1.08
HEADER, LEGEND = 40.0, 34.0
INK, PAPER, FAINT = "#212b32", "#ffffff", "#425563"
TAGS = re.compile(r"<[^>]*>")


class TooLargeToDraw(Exception):
    """The map cannot be drawn because the story has too many scenes for a page."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How the arrow of a choice is drawn, so that nobody needs to see colours to tell it."""

    colour: str
    width: float
    dashes: str
    words: str


PENS = {
    Tag.SAFE: Pen("#00703c", 1.8, "", "safe"),
    Tag.UNSAFE: Pen("#b35a00", 1.8, "7 4", "unsafe"),
    Tag.CRITICAL: Pen("#c8102e", 3.6, "", "critical"),
    Tag.NONE: Pen("#768692", 1.4, "", "neither"),
}
ENDINGS = {Ending.SAFE: ("Safe ending", PENS[Tag.SAFE].colour), Ending.UNSAFE: ("Unsafe ending", "#b35a00")}


@dataclass(frozen=True, slots=True)
class Row:
    """A choice as a line of its scene's box, with its conditions below."""

    number: int
    choice: Choice
    words: str
    conditions: tuple[str, ...]

    @property
    def height(self) -> float:
        """How much of the box it takes."""
        return LINE + SMALL_LINE * len(self.conditions)


def draw_map(scenario: Scenario) -> str:
    """Return the map of a scenario as an SVG document that fits a sheet of A4; it is always the same.

    Raises: TooLargeToDraw.
    """
    if len(scenario.scenes) > MOST_SCENES:
        raise TooLargeToDraw(f"{scenario.slug} has {len(scenario.scenes)} scenes; up to {MOST_SCENES} can be drawn.")
    rows = {slug: _rows(scene) for slug, scene in scenario.scenes.items()}
    arrows = [(slug, row) for slug, its in rows.items() for row in its if row.choice.target != BACK]
    layout = lay_out(
        {slug: (BOX_WIDTH, _height(scene, rows[slug])) for slug, scene in scenario.scenes.items()},
        [Link(slug, row.choice.target) for slug, row in arrows],
        first=scenario.start,
        last=[slug for slug, scene in scenario.scenes.items() if scene.ending],
    )
    parts = [*_opening(scenario, layout), f'<g transform="translate(0 {HEADER:.0f})">']
    parts += [_arrow(row.choice.tag, route) for (_, row), route in zip(arrows, layout.routes, strict=True)]
    for slug, scene in scenario.scenes.items():
        parts += _box(scene, layout.boxes[slug], rows[slug], starts=slug == scenario.start)
    parts += [_badge(row, route[0]) for (_, row), route in zip(arrows, layout.routes, strict=True)]
    parts += [*_legend(layout), "</g>", "</svg>"]
    return "\n".join(parts) + "\n"


def _rows(scene: Scene) -> tuple[Row, ...]:
    return tuple(_row(number, choice) for number, choice in enumerate(scene.choices, 1))


def _row(number: int, choice: Choice) -> Row:
    words = _plain(choice.html)
    words = words if choice.target != BACK else f"{words} (back)"
    marks = [f"if {name}: {value}" for name, value in choice.needs.items()]
    marks += [f"sets {name}: {value}" for name, value in choice.sets.items()]
    marks += ["once"] if choice.once else []
    conditions = lines_of(" · ".join(marks), SMALL_SIZE, WRITABLE)
    return Row(number, choice, cut(words, TEXT_SIZE, WRITABLE), tuple(conditions))


def _plain(rendered: str) -> str:
    return " ".join(html.unescape(TAGS.sub("", rendered)).split())


def _title(scene: Scene) -> list[str]:
    room = (WRITABLE + INDENT) / BOLD
    lines = lines_of(scene.title, TITLE_SIZE, room)
    return lines if len(lines) <= 2 else [lines[0], cut(" ".join(lines[1:]), TITLE_SIZE, room)]


def _height(scene: Scene, rows: tuple[Row, ...]) -> float:
    said = SMALL_LINE if scene.ending else 0.0
    return 2 * PAD + LINE * len(_title(scene)) + said + sum(row.height for row in rows) + BADGE


def _opening(scenario: Scenario, layout: Layout) -> Iterator[str]:
    """Yield the start of the document, scaled to the sheet, with what a screen reader says in place of the map."""
    width, height = layout.width, layout.height + HEADER + LEGEND
    sheet = (A4_WIDTH, A4_HEIGHT) if width / height < 1 else (A4_HEIGHT, A4_WIDTH)
    scale = min(sheet[0] / width, sheet[1] / height)
    name = f"map-{scenario.slug}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.1f}mm" height="{height * scale:.1f}mm" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'font-family="Arial, Helvetica, sans-serif" fill="{INK}">'
    )
    yield f'<title id="{name}-title">Map of “{_safe(scenario.title)}”</title>'
    yield f'<desc id="{name}-desc">{_safe(" ".join(_told(scenario)))}</desc>'
    yield "<defs>"
    yield from (_head(tag, pen) for tag, pen in PENS.items())
    yield "</defs>"
    yield f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    yield f'<text x="16" y="28" font-size="18" font-weight="bold">{_safe(scenario.title)}</text>'


def _told(scenario: Scenario) -> Iterator[str]:
    """Yield the story's shape in sentences."""
    endings = [scene for scene in scenario.scenes.values() if scene.ending]
    safe = ", ".join(scene.title for scene in endings if scene.ending is Ending.SAFE)
    unsafe = ", ".join(scene.title for scene in endings if scene.ending is Ending.UNSAFE)
    yield f"{len(scenario.scenes)} scenes, {len(endings)} of them endings."
    yield f"It begins with: {scenario.scenes[scenario.start].title}."
    yield f"Safe endings: {safe or 'none'}. Unsafe endings: {unsafe or 'none'}."
    for scene in scenario.scenes.values():
        ways = "; ".join(_way(choice, scenario) for choice in scene.choices)
        if ways:
            yield f"From {scene.title}: {ways}."


def _way(choice: Choice, scenario: Scenario) -> str:
    to = "the scene before" if choice.target == BACK else scenario.scenes[choice.target].title
    return f"{_plain(choice.html).rstrip('.')} ({PENS[choice.tag].words}) to {to}"


def _head(tag: Tag, pen: Pen) -> str:
    return (
        f'<marker id="arrow-{tag}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="{pen.colour}"/></marker>'
    )


def _arrow(tag: Tag, route: tuple[Point, ...]) -> str:
    pen = PENS[tag]
    dashes = f' stroke-dasharray="{pen.dashes}"' if pen.dashes else ""
    return (
        f'<path d="{_path(route)}" fill="none" stroke="{pen.colour}" stroke-width="{pen.width}"{dashes} '
        f'marker-end="url(#arrow-{tag})"/>'
    )


def _path(route: tuple[Point, ...]) -> str:
    """Return the points as straight lines and, between the rows, curves that leave and arrive upright."""
    drawn = [f"M{_at(route[0])}"]
    for number, (point, before) in enumerate(zip(route[1:], route, strict=False)):
        if number % 2 == 0:
            drawn.append(f"L{_at(point)}" if point != before else "")
        elif point[1] == before[1]:
            below = point[1] + 34
            drawn.append(f"C{_at((before[0], below))} {_at((point[0], below))} {_at(point)}")
        else:
            half = (point[1] + before[1]) / 2
            drawn.append(f"C{_at((before[0], half))} {_at((point[0], half))} {_at(point)}")
    return "".join(drawn)


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _box(scene: Scene, box: Box, rows: tuple[Row, ...], *, starts: bool) -> Iterator[str]:
    label, colour = ENDINGS[scene.ending] if scene.ending else ("", INK)
    thick = 3 if scene.ending or starts else 1.2
    yield (
        f'<g><title>{_safe(scene.title)}</title><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.0f}" '
        f'height="{box.height:.0f}" rx="{14 if scene.ending else 3}" fill="{PAPER}" stroke="{colour}" '
        f'stroke-width="{thick}"/>'
    )
    y = box.y + PAD
    for line in _title(scene):
        y += LINE
        yield _text(box.x + PAD + 2, y - 3, line, size=TITLE_SIZE, bold=True)
    if label:
        y += SMALL_LINE
        yield _text(box.x + PAD + 2, y, label, size=TEXT_SIZE, colour=colour)
    for row in rows:
        yield from _line(row, box.x + PAD, y)
        y += row.height
    yield "</g>"


def _line(row: Row, x: float, y: float) -> Iterator[str]:
    colour = PENS[row.choice.tag].colour
    yield (
        f"<g><title>{_safe(_plain(row.choice.html))}</title>"
        f"{_text(x + 2, y + LINE - 3, str(row.number), size=TEXT_SIZE, colour=colour, bold=True)}"
        f"{_text(x + INDENT, y + LINE - 3, row.words, size=TEXT_SIZE)}</g>"
    )
    for number, words in enumerate(row.conditions, 1):
        yield _text(x + INDENT, y + LINE - 3 + SMALL_LINE * number, words, size=SMALL_SIZE, colour=FAINT)


def _badge(row: Row, at: Point) -> str:
    pen = PENS[row.choice.tag]
    return (
        f'<g><circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{BADGE:.0f}" fill="{pen.colour}"/>'
        f'<text x="{at[0]:.1f}" y="{at[1] + 3.5:.1f}" font-size="10" font-weight="bold" text-anchor="middle" '
        f'fill="{PAPER}">{row.number}</text></g>'
    )


def _legend(layout: Layout) -> Iterator[str]:
    x, y = 16.0, layout.height + 12
    for tag, pen in PENS.items():
        yield _arrow(tag, ((x, y), (x + 44, y)))
        yield _text(x + 52, y + 4, pen.words, size=TEXT_SIZE)
        x += 120


def _text(x: float, y: float, words: str, *, size: float, colour: str = INK, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{weight} fill="{colour}">{_safe(words)}</text>'


def _safe(words: str) -> str:
    return html.escape(words)
