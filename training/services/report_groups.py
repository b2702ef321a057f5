"""Reports with a row for each group of people: the role they have, or their job title."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from training.domain.compliance import PEOPLE, PERSON_MODULES, tally_counts
from training.domain.language import N_, _
from training.domain.report import Column, Report, Row, Table
from training.domain.roles import Role
from training.models import JobTitle
from training.services.figures import Figure
from training.services.listings import Listed
from training.services.overview_counts import Group, GroupCount, add_lines, membership, read_groups
from training.services.report_questions import Asked
from training.services.report_summaries import FIGURES, HEADS, figure_cells
from training.services.rosters import Roster

NOTE = N_("Whoever is in two of these is counted in both, so they need not add up to the whole.")


def by_role(asked: Asked) -> Report:
    """Return a row for each role; whoever has two is counted in both."""
    names = {role.value: role.label for role in Role}
    return grouped(asked, Group.ROLE, name="role-summary", titles=(_("By role"), N_("Role")), names=names)


def by_job_title(asked: Asked) -> Report:
    """Return a row for each job title; whoever has two is counted in both."""
    found = asked.session.execute(select(JobTitle.id, JobTitle.name))
    names = {str(title_id): name for title_id, name in found}
    titled = (_("By job title"), N_("Job title"))
    return grouped(asked, Group.JOB_TITLE, name="job-title-summary", titles=titled, names=names)


def grouped(asked: Asked, group: Group, *, name: str, titles: tuple[str, str], names: Mapping[str, str]) -> Report:
    """Return a row for each group that people are in; `titles` are those of the report and of the first column."""
    roster = asked.roster(Listed())
    unit = PEOPLE if len(roster.items) == 1 else PERSON_MODULES
    counts = {key: count for key, count in count_groups(roster, group).items() if count.heads}
    rows = [
        Row((names[key], count.heads, *figure_cells(figure_of(names[key], count, unit=unit))), (group.value, key))
        for key, count in sorted(counts.items(), key=lambda each: (names[each[0]], each[0]))
    ]
    title, first = titles
    columns = (Column(first), HEADS[0], *FIGURES)
    head = asked.head(roster, title=title, notes=(_(NOTE),))
    return Report(name, head, (Table("groups", title, columns, asked.rows(rows)),))


def figure_of(name: str, count: GroupCount, *, unit: tuple[str, str]) -> Figure:
    """Return what the lines of a group come to."""
    return Figure(name, tally_counts(count.lines), unit)


def count_groups(roster: Roster, group: Group) -> Mapping[str, GroupCount]:
    """Return how people in each group stand; the database adds up the present over every item, people all else."""
    if roster.is_counted and not roster.wanted.item:
        return read_groups(roster, group, roster.counts())
    groups: dict[str, GroupCount] = defaultdict(GroupCount)
    groups_of = membership(roster, group)
    for worker, lines in roster.everybody():
        add_lines(worker, lines, due=Counter(), groups=groups, groups_of=groups_of)
    return groups
