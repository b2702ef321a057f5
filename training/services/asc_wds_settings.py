"""What an organisation has its ASC-WDS file say: the layout, what stands in every row, and for each item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.asc_wds import Layout
from training.domain.asc_wds_categories import USUAL
from training.domain.asc_wds_rules import EXTERNAL, LONGEST_NAME, RULES, what_is_wrong
from training.domain.audit import Act
from training.domain.language import _
from training.domain.names import tidy_text
from training.domain.refusal import Refusal
from training.models import AscWdsItem, AscWdsSetting
from training.services import audit, facts
from training.services.accounts import Viewer
from training.services.organisations import refuse_unless_all
from training.services.staff import titles_asked


class FileRefused(Refusal):
    """The file cannot say that, as the upload would refuse it; `field` says what is wrong, by its slug."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Choices:
    """The layout, and what every row says: accredited or not, who delivered it, and the provider's number."""

    layout: Layout = Layout.TWELVE
    accredited: str = "0"
    delivered_by: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """What the file says of an item: its category and name; `own_name` is empty where that is the title.

    `wrong` says in words why the name cannot stand in the file, if so.
    """

    item: str
    title: str
    category: int
    own_name: str
    name: str
    wrong: str

    @classmethod
    def of(cls, item: str, *, title: str, row: AscWdsItem | None) -> "ItemChoice":
        """Return what an item's row says, or what is usual where there is none."""
        own_name = row.name if row else ""
        name = own_name or tidy_text(title)
        category = row.category if row else USUAL
        words = what_is_wrong(name, most=LONGEST_NAME)
        return cls(item, title, category, own_name, name, words and _("Its name cannot be sent. %(why)s", why=words))


def read_choices(session: Session) -> Choices:
    """Return what the organisation in scope has chosen."""
    row = session.get(AscWdsSetting, session.info["scope"])
    return Choices(Layout(row.layout), row.accredited, row.delivered_by, row.provider) if row else Choices()


def read_items(session: Session, *, titles: Mapping[str, str]) -> dict[str, ItemChoice]:
    """Return what the file says of each item, by title."""
    kept = {row.item: row for row in session.scalars(select(AscWdsItem))}
    in_order = sorted(titles.items(), key=lambda one: (one[1], one[0]))
    return {item: ItemChoice.of(item, title=title, row=kept.get(item)) for item, title in in_order}


def find_choices(database: Database, *, viewer: Viewer) -> Choices:
    """Return what the organisation has chosen.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
    """
    refuse_unless_all(viewer)
    with database.read(viewer.organisation_id) as session:
        return read_choices(session)


def save_choices(database: Database, *, viewer: Viewer, wanted: Choices, now: datetime) -> None:
    """Keep the layout and what every row says.

    Raises:
        NotAllowed, FileRefused: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    refuse_wrong_choices(wanted)
    with database.write(viewer.organisation_id) as session:
        before = read_choices(session)
        row = session.get(AscWdsSetting, viewer.organisation_id) or AscWdsSetting(
            organisation_id=viewer.organisation_id
        )
        row.layout, row.accredited = wanted.layout.value, wanted.accredited
        row.delivered_by, row.provider, row.recorded_at = wanted.delivered_by, wanted.provider, now
        session.add(row)
        detail = {"layout": wanted.layout, "layout_before": before.layout, "delivered_by": wanted.delivered_by}
        audit.record(session, viewer=viewer, act=Act.ASC_WDS_CHANGED, now=now, detail=detail)


def refuse_wrong_choices(wanted: Choices) -> None:
    """Refuse what no row may say."""
    cells = {"accredited": "ACCREDITED", "delivered_by": "WHODELIVERED", "provider": "PROVIDERNAME"}
    for field, column in cells.items():
        if words := RULES[column](getattr(wanted, field)):
            raise FileRefused(field, words)
    if wanted.provider and wanted.delivered_by != EXTERNAL:
        words = _("A provider is read only of training from an external provider. Leave it empty.")
        raise FileRefused("provider", words)


def list_items(database: Database, *, viewer: Viewer, catalog: Catalog) -> tuple[ItemChoice, ...]:
    """Return what the file says of everything that was ever required, by title.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
    """
    refuse_unless_all(viewer)
    with database.read(viewer.organisation_id) as session:
        titles = titles_asked(facts.read_house(session), catalog)
        return tuple(read_items(session, titles=titles).values())


def save_items(
    database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Mapping[str, tuple[str, str]], now: datetime
) -> None:
    """Keep the category and the own name of some items; an empty name is the title again.

    Raises:
        NotAllowed, FileRefused: in words, with nothing written; its field is the item.
    """
    refuse_unless_all(viewer)
    tidy = {item: (category, tidy_text(name)) for item, (category, name) in wanted.items()}
    for item, (category, name) in tidy.items():
        words = RULES["CATEGORY"](category) or (what_is_wrong(name, most=LONGEST_NAME) if name else "")
        if words:
            raise FileRefused(item, words)
    with database.write(viewer.organisation_id) as session:
        before = read_items(session, titles=titles_asked(facts.read_house(session), catalog))
        kept = {row.item: row for row in session.scalars(select(AscWdsItem))}
        changed = [
            item
            for item, (category, name) in tidy.items()
            if item in before and (before[item].category, before[item].own_name) != (int(category), name)
        ]
        for item in changed:
            row = kept.get(item) or AscWdsItem(organisation_id=viewer.organisation_id, item=item)
            row.category, row.name, row.recorded_at = int(tidy[item][0]), tidy[item][1], now
            session.add(row)
        if changed:
            audit.record(session, viewer=viewer, act=Act.ASC_WDS_CHANGED, now=now, detail={"items": changed})
