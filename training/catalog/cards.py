"""Cards as drafts: what the author wrote for everyone or for some roles, and the cards each role gets of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from training.catalog.blocks import Block, Heading, Node
from training.catalog.faults import Faults
from training.catalog.passages import read_prose
from training.catalog.prose import Page, cited, count_words
from training.catalog.questions import read_question
from training.catalog.rendering import Renderer
from training.domain.module import Card, Part
from training.domain.roles import Role


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a card, and who reads it."""

    roles: frozenset[Role]
    part: Part
    words: int
    sources: tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """A card before it is told apart by role."""

    heading: Heading
    roles: frozenset[Role]
    nodes: list[tuple[frozenset[Role], Node]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    address: str = ""

    @property
    def slug(self) -> str:
        """The card's address within its module, made of its heading unless it was given, as a translation's are."""
        return self.address or "-".join(re.findall(r"[a-z0-9]+", self.heading.title.lower().replace("'", ""))) or "card"


def drafts_of(nodes: Iterable[Node], roles: tuple[Role, ...], faults: Faults) -> list[Draft]:
    """Return the cards of a body in reading order; `roles` are those of the module."""
    everyone, drafts, current = frozenset(roles), [], None
    for node in nodes:
        if isinstance(node, Heading):
            current = Draft(node, everyone)
            drafts.append(current)
        elif isinstance(node, Block) and node.name == "role" and any(isinstance(item, Heading) for item in node.body):
            drafts.extend(_whole_cards(node, _roles_of(node, everyone, faults), faults))
            current = None
        elif current is None:
            faults.add(node.line, "this stands in no card: put a `## Heading` above it")
        elif isinstance(node, Block) and node.name == "role":
            some = _roles_of(node, everyone, faults)
            current.nodes.extend((some, item) for item in node.body)
        else:
            current.nodes.append((everyone, node))
    return drafts


def _whole_cards(block: Block, roles: frozenset[Role], faults: Faults) -> list[Draft]:
    drafts: list[Draft] = []
    for node in block.body:
        if isinstance(node, Heading):
            drafts.append(Draft(node, roles))
        elif drafts:
            drafts[-1].nodes.append((roles, node))
        else:
            faults.add(
                node.line, "a role block holds whole cards or parts of one, not both: close it before the ## heading"
            )
    return drafts


def _roles_of(block: Block, known: frozenset[Role], faults: Faults) -> frozenset[Role]:
    roles = set()
    for name in block.arguments:
        if name in list(Role) and Role(name) in known:
            roles.add(Role(name))
        else:
            instead = ", ".join(sorted(known))
            faults.add(
                block.line, f"`{name}` is not one of this module's `roles`: write one of {instead}, or add it there"
            )
    if not block.arguments:
        faults.add(block.line, "the role block names no role: write `::: role social-care`")
    if not block.body:
        faults.add(block.line, "the role block is empty: write something in it, or take it out")
    return frozenset(roles)


def read_piece(roles: frozenset[Role], node: Node, page: Page, renderer: Renderer) -> Piece | None:
    """Return a text, block or question rendered for some roles, or None for a question with faults."""
    if isinstance(node, Block) and node.name == "question":
        question = read_question(node, page, renderer)
        return Piece(roles, Part(question=question), 0, question.sources) if question else None
    html = read_prose(node, page, renderer)
    text = node.text.text if isinstance(node, Block) else node.text
    return Piece(roles, Part(html=html), count_words(text), cited(text))


def cards_of(drafts: Iterable[Draft], role: Role) -> Iterator[Card]:
    """Yield the cards of a role, in its own words; a card with nothing for it is left out."""
    for draft in drafts:
        pieces = [piece for piece in draft.pieces if role in piece.roles]
        if pieces:
            sources = tuple(dict.fromkeys(key for piece in pieces for key in piece.sources))
            yield Card(draft.slug, draft.heading.title, tuple(_parts(pieces)), sources)


def _parts(pieces: Iterable[Piece]) -> Iterator[Part]:
    """Yield the parts of a card, texts that follow each other as one."""
    texts: list[str] = []
    for piece in pieces:
        if piece.part.question:
            if texts:
                yield Part(html="\n".join(texts))
            texts = []
            yield piece.part
        else:
            texts.append(piece.part.html)
    if texts:
        yield Part(html="\n".join(texts))
