"""Letters: a reminder or a digest as the message that is sent, with its words, its calendar files and its links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from training.catalog.library import Catalog
from training.domain.days import ONE_DAY
from training.domain.language import _, ngettext
from training.domain.mail import (
    Attachment,
    DigestCount,
    DigestLine,
    DigestList,
    DigestMail,
    Mail,
    Mailer,
    Message,
    ReminderLine,
    ReminderMail,
    Render,
)
from training.domain.push import PushSender
from training.domain.reminder import Message as Due
from training.domain.reminder import Step, Topic, due_day
from training.domain.reminder_digest import SOON, Digest, Group, Member
from training.domain.standing import Standing, reason_on, status_on
from training.domain.status import Status
from training.services.reminder_reading import Addressee, Employer, Manager
from training.services.unsubscribes import make_token

# Calendars take the file with the higher number; days since then go up with every letter.
FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What it takes to write letters and send them; `calendar` makes the file of a due day.

    `push` sends to phones, where there is a key for it.
    """

    mailer: Mailer
    render: Render
    calendar: Callable[..., bytes]
    catalog: Catalog
    base_url: str
    secret_key: str
    push: PushSender | None = None

    @property
    def push_key(self) -> str:
        """The key that browsers were asked with, none where nothing goes to phones."""
        return self.push.public_key if self.push else ""

    def address(self, path: str) -> str:
        """Return a whole address of the service."""
        return f"{self.base_url.rstrip('/')}{path}"

    def stop_url(self, employer: Employer, who: Addressee, topic: Topic) -> str:
        """Return where a person turns a kind of message off."""
        token = make_token(
            self.secret_key, organisation_id=employer.organisation_id, person_id=who.person_id, topic=topic
        )
        return self.address(f"/unsubscribe/{token}")


def write_reminder(post: Post, *, employer: Employer, who: Addressee, due: Due, key: str, now: datetime) -> Message:
    """Return the letter that tells a person what they are due."""
    may_stop = any(step.kind.topic.optional for step in due.steps)
    stop_url = post.stop_url(employer, who, Topic.WINDOW_NEWS) if may_stop else ""
    mail = ReminderMail(
        name=who.name,
        organisation_name=employer.name,
        written_on=due.day,
        lines=tuple(reminder_line(step, title=post.catalog.title(step.item)) for step in due.steps),
        sign_in_url=post.address("/home"),
        stop_url=stop_url,
    )
    files = tuple(calendar_file(post, step, due=due, now=now) for step in due.steps if step.due_on >= due.day)
    # One click on the button of a mail programme must not turn off news where the letter is about more than news.
    header = stop_url if due.topic.optional else ""
    return letter(post, mail, who=who, employer=employer, key=key, files=files, unsubscribe_url=header)


def reminder_line(step: Step, *, title: str) -> ReminderLine:
    """Return one step as a line of the list."""
    act = _("Renew it.") if step.renews else _("Do it again.") if step.was_passed else _("Do it for the first time.")
    if step.kind.topic is Topic.WINDOW_NEWS:
        act = _("You can renew it now.")
    why = [step.reason, _("Set by: %(requirement)s.", requirement=step.requirement) if step.requirement else ""]
    return ReminderLine(title=title, act=act, by=step.due_on, why=" ".join(filter(None, why)))


def calendar_file(post: Post, step: Step, *, due: Due, now: datetime) -> Attachment:
    """Return the due day as a file for calendars; the event moves when the same item has another day."""
    content = post.calendar(
        uid=f"{due.person.hex}-{step.item}",
        title="Training due",
        description=f"{post.catalog.title(step.item)}\n{step.reason}",
        day=step.due_on,
        made_at=now,
        sequence=(due.day - FIRST_DAY) // ONE_DAY,
        url=post.address("/home"),
    )
    return Attachment(f"due-{step.item}.ics", "text/calendar", content)


def write_digest(
    post: Post, *, employer: Employer, manager: Manager, digest: Digest, members: list[Member], key: str
) -> Message:
    """Return a manager's weekly letter."""
    stop_url = post.stop_url(employer, manager.who, Topic.DIGESTS)
    groups = (
        (digest.overdue, _("overdue"), _("Overdue"), lambda line: status_on(line, digest.day) is Status.OVERDUE),
        (digest.expired, _("expired"), _("Expired"), lambda line: status_on(line, digest.day) is Status.EXPIRED),
        (digest.due_soon, _("due within 30 days"), _("Due within 30 days"), lambda line: is_due_soon(line, digest.day)),
    )
    named = [
        DigestList(heading=heading, lines=named_lines(group, members, matters, digest.day), more=group.more)
        for group, _, heading, matters in groups
        if group.people
    ]
    if digest.bounced.people:
        lines = tuple(
            DigestLine(name=name, title=_("E-mail"), why=_("The address was refused.")) for name in digest.bounced.names
        )
        named.append(DigestList(heading=_("Cannot be reached"), lines=lines, more=digest.bounced.more))
    counts = [DigestCount(digest.people, _("on file"))]
    counts += [DigestCount(group.people, what) for group, what, _, _ in groups]
    mail = DigestMail(
        name=manager.who.name,
        organisation_name=employer.name,
        place=employer.name if manager.site_ids is None else _("your sites"),
        written_on=digest.day,
        counts=tuple(counts),
        lists=tuple(named),
        overview_url=post.address("/team"),
        stop_url=stop_url,
    )
    return letter(post, mail, who=manager.who, employer=employer, key=key, unsubscribe_url=stop_url)


def named_lines(
    group: Group, members: list[Member], matters: Callable[[Standing], bool], day: date
) -> tuple[DigestLine, ...]:
    """Return the people whom a group names, each with the first reason why they are in it."""
    left = {
        name: [each for each in members if each.name == name and any(map(matters, each.lines))] for name in group.names
    }
    lines = []
    for name in group.names:
        found = [line for line in left[name].pop(0).lines if matters(line)]
        first = min(found, key=lambda line: due_day(line, today=day) or day)
        title = ngettext("%(count)s thing to do", "%(count)s things to do", len(found))
        lines.append(DigestLine(name=name, title=title, why=reason_on(first, day)))
    return tuple(lines)


def is_due_soon(line: Standing, day: date) -> bool:
    """Say whether something is due within thirty days."""
    due_on = due_day(line, today=day)
    return due_on is not None and day <= due_on <= day + SOON


def letter(
    post: Post,
    mail: Mail,
    *,
    who: Addressee,
    employer: Employer,
    key: str,
    files: tuple[Attachment, ...] = (),
    unsubscribe_url: str,
) -> Message:
    """Return words as a message."""
    words = post.render(mail)
    return Message(
        key=key,
        to_address=who.way or "",
        to_name=who.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        from_name=employer.name,
        attachments=files,
        unsubscribe_url=unsubscribe_url,
    )
