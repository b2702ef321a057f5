"""A module file: cards built for each role from what the author wrote for all of them or for some."""

from pathlib import Path

from training.catalog.blocks import Block, Node, parse_blocks
from training.catalog.cards import Draft, cards_of, drafts_of, read_piece
from training.catalog.faults import Faults
from training.catalog.front_matter import Document, ModuleFront, common_fields, read_document
from training.catalog.passages import Reading, check_heading
from training.catalog.prose import Page
from training.catalog.rendering import Renderer
from training.catalog.source_text import content_hash
from training.catalog.timing import check_module_minutes
from training.domain.module import Module
from training.domain.roles import Role

MOST_CARD_WORDS = 130


def read_module(path: Path, text: str, faults: Faults) -> Reading | None:
    """Return the module of a normalised source text, or None when it has faults."""
    document = read_document(text, ModuleFront, faults)
    if document is None:
        return None
    page = Page(faults, dict.fromkeys(document.front.sources, 0), path.parent)
    nodes = parse_blocks(document.body, document.body_line, faults)
    drafts = drafts_of(nodes, document.front.roles, faults)
    renderer = Renderer(page)
    for draft in drafts:
        draft.pieces = [made for roles, node in draft.nodes if (made := read_piece(roles, node, page, renderer))]
    _check_drafts(drafts, document, faults)
    if len(faults):
        return None
    module = Module(
        **common_fields(document.front),
        slug=path.stem,
        pass_mark=document.front.pass_mark,
        cards={role: tuple(cards_of(drafts, role)) for role in document.front.roles},
        content_hash=content_hash(text),
    )
    return Reading(module, path, dict(document.lines), tuple(page.links), nodes)


def _check_drafts(drafts: list[Draft], document: Document, faults: Faults) -> None:
    for draft in drafts:
        check_heading(draft.heading, faults)
        if not draft.nodes:
            faults.add(draft.heading.line, "the card is empty: write something under its heading, or take it out")
        _check_myths(draft, faults)
        _check_length(draft, faults)
    _check_names(drafts, faults)
    for role in document.front.roles:
        cards = [draft for draft in drafts if role in draft.roles and any(role in roles for roles, _ in draft.nodes)]
        asked = [node for card in cards for roles, node in card.nodes if role in roles and _is_question(node)]
        if not cards:
            faults.add(document.lines["roles"], f"there are no cards for {role}: write one, or take the role out")
        elif not asked:
            faults.add(document.lines["roles"], f"there are no questions for {role}: write one, or take the role out")
    if not len(faults):
        reading = {role: _reading(drafts, role) for role in document.front.roles}
        check_module_minutes(document.front.minutes, reading, document.lines["minutes"], faults)


def _reading(drafts: list[Draft], role: Role) -> tuple[int, int]:
    pieces = [piece for draft in drafts for piece in draft.pieces if role in piece.roles]
    return sum(piece.words for piece in pieces), sum(1 for piece in pieces if piece.part.question)


def _is_question(node: Node) -> bool:
    return isinstance(node, Block) and node.name == "question"


def _check_myths(draft: Draft, faults: Faults) -> None:
    for role in sorted(draft.roles):
        nodes = [node for roles, node in draft.nodes if role in roles]
        for node, after in zip(nodes, [*nodes, None][1:], strict=True):
            if isinstance(node, Block) and node.name == "myth" and getattr(after, "name", "") != "fact":
                faults.add(node.line, f"the myth is left standing for {role}: put `::: fact` straight after it")


def _check_length(draft: Draft, faults: Faults) -> None:
    words = {role: sum(piece.words for piece in draft.pieces if role in piece.roles) for role in draft.roles}
    longest = max(words, key=lambda role: (words[role], role), default=None)
    if longest and words[longest] > MOST_CARD_WORDS:
        faults.add(
            draft.heading.line,
            f"the card has {words[longest]} words for {longest}: shorten it to {MOST_CARD_WORDS}, or make two cards",
        )


def _check_names(drafts: list[Draft], faults: Faults) -> None:
    asked: dict[str, int] = {}
    cards: dict[tuple[Role, str], int] = {}
    for draft in drafts:
        taken = {cards[role, draft.slug] for role in draft.roles if (role, draft.slug) in cards}
        if taken:
            faults.add(draft.heading.line, f"the heading is the same as that of line {min(taken)}: change one")
        cards.update({(role, draft.slug): draft.heading.line for role in draft.roles})
        for _, node in draft.nodes:
            name = node.arguments[0] if _is_question(node) and node.arguments else ""
            if name in asked:
                faults.add(node.line, f"the question id `{name}` is taken by line {asked[name]}: give this one its own")
            elif name:
                asked[name] = node.line
