"""YAML read strictly: no aliases, tags or doubled keys, and each value of exactly the type asked for."""

import difflib
import re
import types
from dataclasses import dataclass
from datetime import date
from enum import EnumType
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
import yaml
from msgspec import structs
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from training.catalog.faults import Faults
from training.catalog.well_formed import read_well
from training.catalog.yaml_tree import STRING, Unplain, composed

MOST_CHARACTERS = 32 * 1024
NULL = "tag:yaml.org,2002:null"
READ_AS = {"bool": "true or false", "int": "a number", "float": "a number", "timestamp": "a date", "null": "nothing"}
# YAML 1.1 reads the bare word `on` as "true"; as a key it can only mean the day of a sign-off.
KEYS_READ_WRONGLY = {"on"}
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=600, description="some words")]
Slug = Annotated[
    str, msgspec.Meta(pattern=NAME, max_length=80, description="a-short-name in small letters and hyphens")
]
Day = Annotated[date, msgspec.Meta(description="a day such as 2026-11-22")]
Flag = Annotated[bool, msgspec.Meta(description="true or false, without quotes")]


class YamlUnfit(Exception):
    """The value cannot be used because it is not of the kind asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A type without its `Annotated` wrapping, and the words that describe it."""

    kind: Any
    words: str


def parse_yaml(text: str, faults: Faults, *, first_line: int = 1, most: int = MOST_CHARACTERS) -> Node | None:
    """Return the node tree of a YAML text, or None with faults; `first_line` is where the text begins in its file."""
    if len(text) > most:
        faults.add(first_line, f"this is over {most // 1024} KB of settings: shorten it")
        return None
    try:
        node = composed(text, faults, first_line)
    except Unplain:
        return None
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "it cannot be read"
        line = first_line + _line_of(error)
        faults.add(
            line, f"this is not valid YAML ({problem}): check indents, and put quotes round text that has a colon"
        )
        return None
    if node is None:
        faults.add(first_line, "nothing is set here: start from the example in docs/authoring.md")
    return node


def _line_of(error: yaml.YAMLError) -> int:
    # A bracket or quotation mark that is never closed is noticed far below the line to mend.
    never_closed = any(word in (getattr(error, "context", None) or "") for word in ("flow", "quoted"))
    mark = getattr(error, "context_mark" if never_closed else "problem_mark", None)
    return mark.line if mark else 0


class StrictReader:
    """Reads YAML nodes into msgspec structs, adding a fault with its line for everything that does not fit."""

    def __init__(self, faults: Faults, *, first_line: int = 1) -> None:
        self.faults = faults
        self.first_line = first_line

    def line(self, node: Node) -> int:
        """Return the line of the file that a node begins on."""
        return self.first_line + node.start_mark.line

    def struct(self, node: Node, kind: type[msgspec.Struct], where: str = "") -> Any:  # noqa: ANN401
        """Return a node as a struct.

        Raises: YamlUnfit, when the node or anything in it was at fault.
        """
        made = read_well(node, kind)
        if made is not None:
            return made
        entries = self.mapping(node, where)
        fields = _fields(kind)
        unfit = self._names_unfit(node, entries, fields, where)
        values = {}
        for name, (_, value) in entries.items():
            if name not in fields:
                continue
            try:
                values[fields[name].name] = self.value(value, fields[name].type, f"{where}{name}")
            except YamlUnfit:
                unfit = True
        if unfit:
            raise YamlUnfit(where)
        return kind(**values)

    def _names_unfit(self, node: Node, entries: dict, fields: dict, where: str) -> bool:
        unknown = [name for name in entries if name not in fields]
        for name in unknown:
            near = difflib.get_close_matches(name, fields, 1)
            instead = f"write `{near[0]}`" if near else f"take it out; the keys are {', '.join(fields)}"
            self.faults.add(entries[name][0], f"unknown key `{where}{name}`: {instead}")
        missing = [name for name, field in fields.items() if field.required and name not in entries]
        for name in missing:
            line = self.line(node) if where else self.first_line
            self.faults.add(line, f"missing key `{where}{name}`: add `{name}: {_wanted(fields[name].type).words}`")
        return bool(unknown or missing)

    def mapping(self, node: Node, where: str) -> dict[str, tuple[int, Node]]:
        """Return the keys of a mapping, each with its line and its value.

        Raises: YamlUnfit, when it is no mapping; keys that are doubled or no words are faults and left out.
        """
        if not isinstance(node, MappingNode):
            self._refuse(node, f"{where.rstrip('.') or 'this'} needs keys and values, one `key: value` a line")
        entries: dict[str, tuple[int, Node]] = {}
        for key, value in node.value:
            name = self._key(key, where)
            if name in entries:
                first = entries[name][0]
                self.faults.add(self.line(key), f"`{where}{name}` is here twice (first on line {first}): keep one")
            elif name:
                entries[name] = (self.line(key), value)
        return entries

    def _key(self, key: Node, where: str) -> str:
        if not isinstance(key, ScalarNode):
            self.faults.add(self.line(key), f"a key of {where.rstrip('.') or 'this'} is not a word: write `key: value`")
            return ""
        if key.tag != STRING and key.value not in KEYS_READ_WRONGLY:
            self.faults.add(self.line(key), f"the key `{key.value}` is read as {_read_as(key)}: put quotes round it")
            return ""
        return key.value

    def value(self, node: Node, kind: Any, where: str) -> Any:  # noqa: ANN401
        """Return a node as a value of a type.

        Raises: YamlUnfit, when it does not fit; the fault is recorded.
        """
        wanted = _wanted(kind)
        if isinstance(node, ScalarNode) and node.tag == NULL and _optional(kind):
            return None
        if isinstance(wanted.kind, type) and issubclass(wanted.kind, msgspec.Struct):
            return self.struct(node, wanted.kind, f"{where}.")
        if get_origin(wanted.kind) is tuple:
            return self._sequence(node, get_args(wanted.kind)[0], where)
        if get_origin(wanted.kind) is dict:
            return self._dictionary(node, get_args(wanted.kind), where)
        return self._scalar(node, kind, wanted, where)

    def _sequence(self, node: Node, kind: Any, where: str) -> tuple:  # noqa: ANN401
        if not isinstance(node, SequenceNode):
            self._refuse(node, f"`{where}` needs a list: write [one, two], or one `- item` a line")
        items, before = [], len(self.faults)
        for item in node.value:
            try:
                items.append(self.value(item, kind, where))
            except YamlUnfit:
                continue
        if len(self.faults) > before:
            raise YamlUnfit(where)
        return tuple(items)

    def _dictionary(self, node: Node, kinds: tuple, where: str) -> dict:
        before, values = len(self.faults), {}
        for name, (line, value) in self.mapping(node, f"{where}.").items():
            if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name):
                self.faults.add(line, f"`{name}` in `{where}`: use small letters, figures, hyphens or underlines")
            try:
                values[name] = self.value(value, kinds[1], f"{where}.{name}")
            except YamlUnfit:
                continue
        if len(self.faults) > before:
            raise YamlUnfit(where)
        return values

    def _scalar(self, node: Node, kind: Any, wanted: Wanted, where: str) -> Any:  # noqa: ANN401
        if not isinstance(node, ScalarNode):
            self._refuse(node, f"`{where}` needs one value: write {wanted.words}")
        if wanted.kind is str and node.tag not in (STRING, NULL):
            read_as = _read_as(node)
            self._refuse(node, f'`{where}` is read as {read_as}: put quotes round it, "{node.value[:40]}"')
        try:
            plain = " ".join(node.value.split()) if node.tag == STRING else _constructed(node)
            return msgspec.convert(plain, kind)
        except (msgspec.ValidationError, ValueError, yaml.YAMLError):
            shown = node.value[:40] or "nothing"
            self._refuse(node, f"`{where}` cannot be {shown!r}: write {wanted.words}")

    def _refuse(self, node: Node, message: str) -> None:
        self.faults.add(self.line(node), message)
        raise YamlUnfit(message)


@lru_cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, structs.FieldInfo]:
    return {field.encode_name: field for field in structs.fields(kind)}


def _constructed(node: ScalarNode) -> object:
    return yaml.constructor.SafeConstructor().construct_object(node)


def _read_as(node: ScalarNode) -> str:
    return READ_AS.get(node.tag.rsplit(":", 1)[-1], "something other than text")


def _optional(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


@lru_cache
def _wanted(kind: Any) -> Wanted:  # noqa: ANN401
    words = ""
    if _optional(kind):
        return _wanted(next(part for part in get_args(kind) if part is not type(None)))
    if get_origin(kind) is Annotated:
        kind, *extras = get_args(kind)
        words = next((extra.description for extra in extras if getattr(extra, "description", None)), "")
    if isinstance(kind, EnumType):
        words = "one of " + ", ".join(member.value for member in kind)
    return Wanted(kind, words or _container_words(kind))


def _container_words(kind: Any) -> str:  # noqa: ANN401
    if get_origin(kind) is tuple:
        return "a list"
    return {str: "some words", int: "a whole number"}.get(kind, "keys and values")
