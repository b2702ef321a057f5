"""YAML text to a tree of nodes: plain values, lists and mappings, and nothing cleverer."""

import yaml
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

from training.catalog.faults import Faults

DEEPEST = 6
STRING = "tag:yaml.org,2002:str"
MAPPING, SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
# By the first letter, what words without quotes may be read as.
READ_AS = Resolver.yaml_implicit_resolvers


class Unplain(Exception):
    """The text cannot be used because something stands in it that is no plain value, list or mapping."""


def composed(text: str, faults: Faults, first_line: int) -> Node | None:
    """Return the tree of a text, or None where nothing is set.

    The nodes are made here, of a stream of events, so that what is not plain is found before anything is built on it:
    aliases and deep nesting cost nothing, and the text is gone through once.

    Raises: Unplain, when something else than plain values stands in the text; the fault is recorded.
    """
    holder: list[Node] = []
    inside: list[list[Node]] = [holder]
    mappings: list[MappingNode] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        kind = type(event)
        if kind is yaml.ScalarEvent and not event.anchor and not event.tag:
            # Words in quotes are a string whatever they say.
            tag = STRING if event.style else _tag(event.value)
            inside[-1].append(ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style))
        elif isinstance(event, yaml.NodeEvent):
            _check_plain(event, faults, first_line, depth=len(inside))
            made = _collection(event)
            inside[-1].append(made)
            inside.append(made.value)
            mappings.extend([made] if kind is yaml.MappingStartEvent else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            inside.pop()
        elif kind is yaml.DocumentStartEvent and holder:
            raise ComposerError(None, None, "but found another document", event.start_mark)
    for node in mappings:
        node.value = list(zip(node.value[::2], node.value[1::2], strict=True))
    return holder[0] if holder else None


def _collection(event: yaml.CollectionStartEvent) -> MappingNode | SequenceNode:
    if isinstance(event, yaml.MappingStartEvent):
        return MappingNode(MAPPING, [], event.start_mark, None, event.flow_style)
    return SequenceNode(SEQUENCE, [], event.start_mark, None, event.flow_style)


def _tag(words: str) -> str:
    """Return what words without quotes are read as."""
    for tag, pattern in READ_AS.get(words[:1], ()):
        if pattern.match(words):
            return tag
    return STRING


def _check_plain(event: yaml.NodeEvent, faults: Faults, first_line: int, *, depth: int) -> None:
    problem = ""
    if event.anchor:
        problem = "anchors (&) and aliases (*) are not used here: write the value out, in quotes"
    elif getattr(event, "tag", None):
        problem = f"the tag {event.tag} is not used here: take it out, or put quotes round the value"
    elif depth > DEEPEST:
        problem = "this is nested too deeply: check the brackets and indents"
    if problem:
        faults.add(first_line + event.start_mark.line, problem)
        raise Unplain(problem)
