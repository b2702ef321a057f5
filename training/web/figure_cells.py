"""Figures as HTML in which every number leads to its people: a page has a hundred, and a template is felt in each."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from markupsafe import Markup, escape

from training.domain.compliance import counted_words, group_words, on_file_words
from training.domain.language import _
from training.domain.numbers import number_words
from training.domain.status import Status
from training.services.figures import Figure
from training.services.overviews import Line

ROW = """
<tr class="nhsuk-table__row">
<th class="nhsuk-table__header" scope="row"><a href="{found}"><bdi>{name}</bdi></a></th>
{numbers}
<td data-label="{everybody}" class="nhsuk-table__cell">{groups}</td>
</tr>
"""
CELL = '<td data-label="{0}" class="nhsuk-table__cell nhsuk-table__cell--numeric">{1}</td>'
LINK = '<a href="{0}status={1}">{2}</a>'
LED = '{0}<span class="nhsuk-u-visually-hidden"> {1} {2}</span>'


def figure_rows(lines: Iterable[Line], people: str, days: Mapping[str, str], headers: Sequence[str]) -> Markup:
    """Return a row for each figure: its name, compliant, counted, each group in the figure, and the whole sum.

    `people` is the address of their list and `days` are those asked for; `headers` are the columns' but the first.
    """
    compliant, counted, *labels, everybody = map(escape, headers)
    rows = []
    for line in lines:
        figure, address = line.figure, f"{people}?{urlencode({**days, **line.leads_to})}"
        tally, found, inside = figure.tally, escape(address), escape(_("in %(name)s", name=figure.name))
        numbers = [CELL.format(compliant, escape(figure.percent)), CELL.format(counted, number_words(tally.counted))]
        for label, (status, count) in zip(labels, tally.in_figure.items(), strict=True):
            led = LED.format(number_words(count), label.lower(), inside)
            numbers.append(CELL.format(label, LINK.format(f"{found}&amp;", status.value, led) if count else "0"))
        named = {"found": found, "name": escape(figure.name), "everybody": everybody}
        groups = groups_html(figure, f"{address}&")
        rows.append(ROW.format(numbers="\n".join(numbers), groups=groups, **named))
    return Markup("".join(rows))  # noqa: S704 (every word of theirs is escaped)


def groups_html(figure: Figure, people: str, *, every: bool = False) -> Markup:
    """Return the sum that reconciles a figure with heads on file, in which every group leads to its people.

    `every` splits those counted too; `people` is the address of their list, to which a field can be added. The words
    are those of the denominator in files.
    """
    tally, begun = figure.tally, escape(people)
    counted = escape(counted_words(tally.counted))
    apart = "".join([f" + {group(begun, status, count)}" for status, count in tally.apart.items() if count])
    said = f"{escape(on_file_words(tally.on_file, unit=figure.unit))} = {counted}{apart}."
    if every:
        split = " + ".join([group(begun, status, count) for status, count in tally.in_figure.items()])
        said += f" {counted[:1].upper()}{counted[1:]} = {split}."
    return Markup(said)  # noqa: S704 (every word of it is escaped)


def group(people: str, status: Status, count: int) -> str:
    """Return how many have a status, which leads to them."""
    return LINK.format(people, status.value, escape(group_words(status, count)))
