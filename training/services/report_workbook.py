"""The report in the shape of the sector's workbooks: summary, by staff, by requirement, what is late, and details."""

from training.domain.language import _
from training.domain.report import Report, Table
from training.services.listings import Listed
from training.services.report_lines import COLUMNS, LATE, line_rows, lines_each
from training.services.report_people import staff_table
from training.services.report_questions import Asked
from training.services.report_summaries import counts_of, head_notes, overview_table, requirement_table


def compliance(asked: Asked) -> Report:
    """Return everything about compliance; its page has the figures and what is late, page by page.

    A file that holds one table alone holds the details; paper has the summary and what is late.
    """
    roster = asked.roster(Listed())
    late = asked.roster(Listed(LATE))
    counts = counts_of(roster)
    head = asked.head(roster, title=_("Compliance"), notes=head_notes(counts), tally=counts.tally())
    summary, requirements = overview_table(counts), requirement_table(roster, counts)
    overdue = Table("overdue", _("Expired and missing"), COLUMNS, line_rows(asked.people(late, each=lines_each(late))))
    if asked.paging is not None:
        return Report("compliance", head, (summary, requirements, overdue))
    details = Table("details", _("Details"), COLUMNS, line_rows(roster.people_listed()))
    tables = (summary, staff_table(roster.people_listed()), requirements, overdue, details)
    return Report("compliance", head, tables, main="details", printed=("summary", "overdue"))
