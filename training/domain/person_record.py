"""What is on record of one person, and what the rules need to know of it for one requirement and one item."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from training.domain.certification import Cap, Pass, Period, certify_all
from training.domain.days import ONE_DAY, Span, common, join, present_or_next, without
from training.domain.need import LONG_LEAVE, Exemption, Facts, need_on
from training.domain.requirement import Reach, Requirement, Version, version_in_force
from training.domain.roles import Role


@dataclass(frozen=True, slots=True)
class Post:
    """One employment: where, as what, when, and the days on which its title has a role."""

    site: str
    job_title: str
    worked: Span
    roles: tuple[tuple[Role, Span], ...] = ()

    def needs(self, version: Version) -> tuple[Span, ...]:
        """Return the days on which a version of a requirement means this post."""
        spans = (
            span.common_with(version.days)
            for role, span in self.roles
            if version.audience.includes(role=role, job_title=self.job_title, site=self.site)
        )
        return tuple(span for span in spans if span is not None)


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence from every job, or from the jobs at one site."""

    days: Span
    site: str | None = None


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A new version of an item that everyone passes again; `older` are the contents that no longer serve.

    From `replaced_on` another decision about the same version stands in its place.
    """

    item: str
    again_by: date
    announced_on: date
    older: frozenset[str]
    replaced_on: date | None = None


@dataclass(slots=True)
class PersonRecord:
    """Posts, leave, and what was passed and exempted of each item."""

    posts: list[Post] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    passes: dict[str, list[Pass]] = field(default_factory=dict)
    exemptions: dict[str, list[Exemption]] = field(default_factory=dict)

    def sites_on(self, day: date) -> frozenset[str]:
        """Return the sites with a post on a day."""
        return frozenset(post.site for post in self.posts if day in post.worked)

    def titles_at(self, site: str, day: date) -> frozenset[str]:
        """Return the job titles of the posts at a site on a day."""
        return frozenset(post.job_title for post in self.posts if post.site == site and day in post.worked)

    def next_turn_at(self, site: str, day: date) -> date | None:
        """Return the first day after a day on which a post at a site begins, or has ended."""
        posts = [post.worked for post in self.posts if post.site == site]
        turns = [span.from_ for span in posts] + [span.until + ONE_DAY for span in posts if span.until]
        return min((turn for turn in turns if turn > day), default=None)


@dataclass(frozen=True, slots=True)
class House:
    """What an organisation has decided: requirements by id, content that everyone passes again, what leave is long."""

    requirements: Mapping[str, Requirement]
    changes: tuple[ContentChange, ...] = ()
    long_leave_days: int = LONG_LEAVE

    @property
    def overlaps(self) -> bool:
        """Whether several requirements ask, or ever asked, for one item."""
        items = [item for requirement in self.requirements.values() for item in requirement.items]
        return len(set(items)) < len(items)


def facts_for(
    record: PersonRecord,
    requirement: Requirement,
    item: str,
    *,
    house: House,
    as_at: date,
    sites: Collection[str] | None = None,
) -> Facts:
    """Return what the rules need to know of one person's line; with `sites`, by their posts at those alone.

    Passes count by the terms in force on their day, leave where it takes the person from every post with the need, and
    the first due day by the version that the present need began with.
    """
    posts = [post for post in record.posts if sites is None or post.site in sites]
    versions = requirement.versions_of(item)
    facts = Facts(
        requirement=requirement.name,
        on_file=tuple(post.worked for post in posts),
        needs=tuple(span for version in versions for post in posts for span in post.needs(version)),
        due_days=0,
        leaves=leave_from_all(posts, versions, record.leaves) if record.leaves else (),
        exemptions=tuple(record.exemptions.get(item, ())),
        long_leave_days=house.long_leave_days,
    )
    passes = record.passes.get(item, ())
    facts = replace(
        facts,
        periods=periods_of(passes, versions, facts),
        caps=caps_on(passes, versions, [change for change in house.changes if change.item == item]),
    )
    return as_on(facts, versions, as_at)


def periods_for(
    record: PersonRecord,
    requirement: Requirement,
    item: str,
    *,
    house: House,
    as_at: date,
    sites: Collection[str] | None = None,
) -> tuple[Period, ...]:
    """Return what each pass of an item gave, in the order of the rules; by terms that never changed no post matters."""
    versions = requirement.versions_of(item)
    if len(versions) == 1:
        return _by_one(versions[0], record.passes.get(item, ()))
    return facts_for(record, requirement, item, house=house, as_at=as_at, sites=sites).periods


def as_on(facts: Facts, versions: Sequence[Version], day: date) -> Facts:
    """Return the same facts with the due days of the version that the need of a day began with, if there is a need."""
    due_days = versions[0].due_days
    if any(version.due_days != due_days for version in versions):
        present = need_on(facts, day)
        due_days = _begun_by(versions, present.from_).due_days if present else due_days
    return facts if due_days == facts.due_days else replace(facts, due_days=due_days)


def on_file_at(record: PersonRecord, day: date) -> dict[str, Span]:
    """Return, for each site with a post on a day or later, the days on file there: the present ones, or the next."""
    sites = {post.site for post in record.posts}
    spans = {site: join(post.worked for post in record.posts if post.site == site) for site in sites}
    found = {site: present_or_next(some, day) for site, some in spans.items()}
    return {site: span for site, span in found.items() if span is not None}


def periods_of(passes: Iterable[Pass], versions: Sequence[Version], facts: Facts) -> tuple[Period, ...]:
    """Return the periods of some passes, each by the version in force for this person on its day."""
    if len(versions) == 1:
        return _by_one(versions[0], passes)

    def terms_on(day: date):  # noqa: ANN202 (the terms)
        need = need_on(facts, day)
        return version_in_force(versions, day, need_began_on=need.from_ if need else None).terms

    return certify_all(passes, terms_on=terms_on)


def _by_one(version: Version, passes: Iterable[Pass]) -> tuple[Period, ...]:
    return certify_all(passes, terms_on=lambda _day: version.terms)


def leave_from_all(posts: Sequence[Post], versions: Sequence[Version], leaves: Iterable[Leave]) -> tuple[Span, ...]:
    """Return the days of leave on which no post that brings the need is worked."""
    leaves = tuple(leaves)
    away = {
        site: [leave.days for leave in leaves if leave.site in {None, site}] for site in {post.site for post in posts}
    }
    at_work = [
        span
        for post in posts
        for version in versions
        for span in without(common(post.needs(version), (post.worked,)), away[post.site])
    ]
    return without((leave.days for leave in leaves), at_work)


def caps_on(passes: Iterable[Pass], versions: Iterable[Version], changes: Iterable[ContentChange]) -> tuple[Cap, ...]:
    """Return what everyone must pass again by, each with the day on which this person did."""
    passes = sorted(passes, key=lambda each: each.passed_on)
    caps = [
        Cap(version.again_by, version.announced_on, _first(passes, since=version.announced_on))
        for version in versions
        if version.reach is Reach.EVERYONE_AGAIN and version.again_by and version.announced_on
    ]
    for change in changes:
        # Nobody knows which version was passed elsewhere.
        newer = [each for each in passes if not each.evidence and each.content_hash not in change.older]
        lifted = [day for day in (_first(newer, since=date.min), change.replaced_on) if day is not None]
        caps.append(Cap(change.again_by, change.announced_on, min(lifted, default=None)))
    return tuple(caps)


def _first(passes: Iterable[Pass], *, since: date) -> date | None:
    return next((each.passed_on for each in passes if each.passed_on >= since), None)


def _begun_by(versions: Sequence[Version], day: date) -> Version:
    return next((version for version in reversed(versions) if version.days.from_ <= day), versions[0])
