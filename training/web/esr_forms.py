"""Forms about ESR: a mapping with its columns and competences, and a file to be read with one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from wtforms import Field, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from training.domain.esr import COLUMN as COLUMN_AT
from training.domain.esr import ITEM as ITEM_AT
from training.domain.esr import NEEDED, Column, DayForm, EsrMapping, Holds
from training.domain.language import N_, _
from training.services.esr_mappings import Saved
from training.web.forms import Form, Menu
from training.web.import_forms import PassesFileForm
from training.web.later import later

PLACES = N_("Write a place from 1 to 99.")
HEADING, PLACE, TEXT, ITEM = "heading_", "place_", "text_", "item_"
MOST_TYPED = 1000
SAMPLE = date(2027, 1, 13)
# Two columns may say the same in every row, such as a number of the employer; all others may be there once.
SLOTS: tuple[tuple[str, Holds], ...] = (
    *((holds.value, holds) for holds in Holds if holds is not Holds.FIXED),
    ("fixed", Holds.FIXED),
    ("fixed-2", Holds.FIXED),
)
EXAMPLE = EsrMapping(
    name="",
    columns=(
        Column(Holds.STAFF_NUMBER, "Employee Number"),
        Column(Holds.COMPETENCE, "Competency Name"),
        Column(Holds.PASSED_ON, "Date Start"),
        Column(Holds.UNTIL, "Expiry Date"),
    ),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """The fields of one column: its heading, its place, and what it says where that is the same in every row."""

    holds: Holds
    is_needed: bool
    heading: Field
    place: Field
    text: Field | None

    @property
    def is_shown(self) -> bool:
        """Whether the column is filled in, or must be, or is wrong; all others wait behind a word."""
        fields = [field for field in (self.heading, self.place, self.text) if field is not None]
        return self.is_needed or self.holds is Holds.UNTIL or any(field.data or field.errors for field in fields)


class PlaceField(IntegerField):
    """A place among the columns; what is no number is told what a place is."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_(PLACES)) from error


class MappingForm(Form):
    """A mapping; its fields are those of the columns and competences there are."""

    def validate(self, extra_validators: Mapping | None = None) -> bool:
        """Refuse places that two columns have, and what every row says where no heading stands above it."""
        is_valid = super().validate(extra_validators)
        wrong = tuple(wrong_slots(slots_of(self)))
        for field, words in wrong:
            field.errors = [*field.errors, words]
        return is_valid and not wrong


class EsrFileForm(PassesFileForm):
    """A file from ESR, the mapping to read it with, and where it comes from.

    `is_unlike_mapping` says that the file was refused for what the mapping says of it.
    """

    is_unlike_mapping = False
    mapping_id = Menu(later("Mapping"))


def file_form(mappings: Sequence[Saved]) -> EsrFileForm:
    """Return the form of a file with the mappings to choose from; the only one there is chosen already."""
    sent = request.method == "POST"
    only = str(mappings[0].id) if len(mappings) == 1 else ""
    form = EsrFileForm() if sent else EsrFileForm(data={"mapping_id": request.args.get("mapping", only)})
    some = [SelectChoice(str(one.id), one.mapping.name) for one in mappings]
    form.mapping_id.choices = [SelectChoice("", _("Choose a mapping")), *some]
    return form


def mapping_form(known: EsrMapping, *, items: Mapping[str, str]) -> Form:
    """Return the form of a mapping with what was sent, or else with what stands; `items` are titles by item."""
    typed = [Optional(), Length(max=MOST_TYPED)]
    fields: dict[str, object] = {
        "name": StringField(
            _("Name of the mapping"), [InputRequired(_("Enter a name for the mapping."))], default=known.name
        ),
        "day_form": RadioField(
            _("How days are written"),
            choices=[SelectChoice(form.value, day_form_words(form)) for form in DayForm],
            default=known.day_form.value,
        ),
    }
    standing = dict(columns_by_slot(known.columns))
    for slug, holds in SLOTS:
        place, column = standing.get(slug, (None, None))
        fields[HEADING + slug] = StringField(_("Heading"), typed, default=column.heading if column else "")
        fields[PLACE + slug] = PlaceField(_("Place"), [Optional(), NumberRange(1, 99, _(PLACES))], default=place)
        if holds is Holds.FIXED:
            fields[TEXT + slug] = StringField(_("What every row says"), typed, default=column.text if column else "")
    for item, title in items.items():
        fields[ITEM + item] = StringField(title, typed, default=known.competences.get(item, ""))
    return type("MappingForm", (MappingForm,), fields)()


def day_form_words(form: DayForm) -> str:
    """Return a way to write days, with an example."""
    return _("%(form)s, such as %(example)s", form=form.value, example=form.written(SAMPLE))


def columns_by_slot(columns: Sequence[Column]) -> Iterator[tuple[str, tuple[int, Column]]]:
    """Yield columns with their places, by the fields that stand for them."""
    free = list(SLOTS)
    for place, column in enumerate(columns, start=1):
        slot = next(one for one in free if one[1] is column.holds)
        free.remove(slot)
        yield slot[0], (place, column)


def slots_of(form: Form) -> Iterator[Slot]:
    """Yield the fields of every column."""
    for slug, holds in SLOTS:
        text = form[TEXT + slug] if holds is Holds.FIXED else None
        yield Slot(holds, holds in NEEDED, form[HEADING + slug], form[PLACE + slug], text)


def wrong_slots(slots: Iterable[Slot]) -> Iterator[tuple[Field, str]]:
    """Yield the fields of columns that cannot stand beside others, or without a heading, with what is wrong."""
    taken: set[int] = set()
    for slot in slots:
        place = slot.place.data
        if (slot.heading.data or "").strip():
            if place in taken and not slot.place.errors:
                yield slot.place, _("Another column stands at place %(place)s. Give each its own.", place=place)
            taken |= {place} if place else set()
        elif slot.text is not None and (slot.text.data or "").strip():
            yield slot.heading, _("Enter a heading for what every row says, or clear that as well.")


def competences_of(form: Form) -> list[Field]:
    """Return the fields of competences."""
    return [field for field in form if field.name.startswith(ITEM)]


def mapping_in(form: Form) -> EsrMapping:
    """Return the mapping in a form: columns with a heading, in the order of their places, those without one last."""
    filled = [slot for slot in slots_of(form) if (slot.heading.data or "").strip()]
    filled.sort(key=lambda slot: slot.place.data or 100)
    columns = tuple(
        Column(slot.holds, slot.heading.data, (slot.text.data or "") if slot.text is not None else "")
        for slot in filled
    )
    competences = {field.name.removeprefix(ITEM): field.data or "" for field in competences_of(form)}
    return EsrMapping(form["name"].data or "", columns, competences, DayForm(form["day_form"].data))


def refuse_at(form: Form, field: str, words: str) -> None:
    """Say at the field that a refusal means what is wrong with it."""
    name = field.replace(COLUMN_AT, HEADING, 1) if field.startswith(COLUMN_AT) else field.replace(ITEM_AT, ITEM, 1)
    if name in form:
        form[name].errors = [words]
    else:
        form.form_errors = [words]
