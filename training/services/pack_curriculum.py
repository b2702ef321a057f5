"""The curriculum of a pack: each piece of training as it was, with its versions, hashes, sources and sign-off."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from training.domain.days import format_day
from training.domain.paper import Paper, Section
from training.domain.report import Column, Kind, Row, Table
from training.services.certificates import signoff_words
from training.services.pack_content import ItemThen, Signed
from training.services.pack_duties import Duties
from training.services.pack_papers import Papers

SOURCES = (
    Column("Title"),
    Column("Publisher"),
    Column("Address"),
    Column("Looked at on", Kind.DAY),
)
VERSIONS = (Column("Version"), Column("Kept here since", Kind.DAY), Column("SHA-256 of the content"))


def curriculum(papers: Papers, items: Mapping[str, ItemThen], duties: Duties) -> Paper:
    """Return the training that is asked for in full, and the rest of what there was in a table."""
    slugs = items_asked(duties)
    rest = [each for slug, each in sorted(items.items()) if slug not in slugs]
    return papers.paper(
        "Curriculum",
        Section("Tracks", words=() if slugs else ("Nothing is asked on this day.",), tables=track_tables(duties)),
        Section("Training that is asked for"),
        *(item_section(items[slug]) for slug in slugs if slug in items),
        Section("Other training there was", tables=(rest_table(rest),)),
    )


def items_asked(duties: Duties) -> list[str]:
    """Return every item that is asked for, each once, in the order of requirements."""
    return list(dict.fromkeys(item for one in duties.asked for item in one.items))


def track_tables(duties: Duties) -> tuple[Table, ...]:
    """Return a table of what each requirement asks, in its order."""
    columns = (Column("Training", key="title"), Column("Slug"))
    return tuple(
        Table(
            f"track-{number}", one.name, columns, [Row(pair) for pair in zip(one.shown.titles, one.items, strict=True)]
        )
        for number, one in enumerate(duties.asked)
    )


def item_section(each: ItemThen) -> Section:
    """Return one item with all that is known of its making."""
    item = each.item
    return Section(
        item.title,
        words=(
            item.summary,
            f"{item.kind.capitalize()} {item.slug}, version {item.version}, {item.minutes} minutes. "
            f"Written on {format_day(item.written_on)}, to be reviewed by {format_day(item.review_by)}.",
            f"SHA-256 of the content: {item.content_hash}",
            signoff_words(item),
            *(signed_words(one, each) for one in each.signoffs),
        ),
        points=item.outcomes,
        tables=(sources_table(each), versions_table(each)),
        level=3,
    )


def signed_words(one: Signed, each: ItemThen) -> str:
    """Say who signed which version off for the organisation, and whether that was withdrawn."""
    version = next((kept.version for kept in each.versions if kept.content_hash == one.content_hash), "unknown")
    words = f"Version {version} signed off here by person {one.by} on {format_day(one.signed_on)}, as {one.profession}."
    return f"{words} Withdrawn on {format_day(one.withdrawn_on)}." if one.withdrawn_on else words


def sources_table(each: ItemThen) -> Table:
    """Return what an item rests on."""
    rows = [Row((one.title, one.publisher, one.url, one.checked_on)) for one in each.item.sources]
    return Table("sources", "Sources", SOURCES, rows)


def versions_table(each: ItemThen) -> Table:
    """Return every version of an item that had been kept."""
    return Table(
        "versions", "Versions", VERSIONS, [Row((one.version, one.kept_on, one.content_hash)) for one in each.versions]
    )


def rest_table(items: Sequence[ItemThen]) -> Table:
    """Return what there was beside what is asked for."""
    columns = (Column("Title"), Column("Slug"), Column("Version"), Column("Reviewed by", Kind.DAY))
    rows = [Row((one.item.title, one.item.slug, one.item.version, one.item.review_by)) for one in items]
    return Table("rest", "", columns, rows)


def curriculum_data(papers: Papers, items: Mapping[str, ItemThen], duties: Duties) -> dict[str, Any]:
    """Return the same for machines: keys in field words, days in ISO form."""
    asked = set(items_asked(duties))
    return {
        "head": {name.lower().replace(" ", "_"): words for name, words in papers.said},
        "requirements": list(requirements_data(duties)),
        "items": [item_data(each, is_asked=slug in asked) for slug, each in sorted(items.items())],
    }


def requirements_data(duties: Duties) -> Iterator[dict[str, Any]]:
    """Yield what each requirement asks."""
    for one in duties.asked:
        yield {
            "name": one.name,
            "track": one.shown.track.value if one.shown.track else None,
            "roles": sorted(role.value for role in one.roles),
            "items": list(one.items),
            "starts_on": one.shown.starts_on.isoformat(),
            "first_on": one.first_on.isoformat(),
            "decided_on": one.decided_on.isoformat(),
            "decided_by": one.decided_by or None,
        }


def item_data(each: ItemThen, *, is_asked: bool) -> dict[str, Any]:
    """Return one item as data."""
    item = each.item
    return {
        "slug": item.slug,
        "kind": item.kind,
        "title": item.title,
        "version": item.version,
        "sha256": item.content_hash,
        "asked_for": is_asked,
        "minutes": item.minutes,
        "roles": [role.value for role in item.roles],
        "outcomes": list(item.outcomes),
        "written_on": item.written_on.isoformat(),
        "review_by": item.review_by.isoformat(),
        "clinical_signoff": signoff_words(item),
        "signed_off_here": [signed_data(one) for one in each.signoffs],
        "sources": [
            {"title": one.title, "publisher": one.publisher, "url": one.url, "checked_on": one.checked_on.isoformat()}
            for one in item.sources
        ],
        "versions": [
            {"version": one.version, "sha256": one.content_hash, "kept_on": one.kept_on.isoformat()}
            for one in each.versions
        ],
    }


def signed_data(one: Signed) -> dict[str, Any]:
    """Return a sign-off as data."""
    return {
        "sha256": one.content_hash,
        "person": one.by,
        "profession": one.profession,
        "signed_on": one.signed_on.isoformat(),
        "withdrawn_on": one.withdrawn_on.isoformat() if one.withdrawn_on else None,
    }
