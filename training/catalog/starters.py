"""New module and scenario files that pass the check as they stand, for an author to write over."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from training.catalog.library import READERS
from training.catalog.strict_yaml import NAME
from training.domain.roles import Role

KINDS = {"module": "modules", "scenario": "scenarios"}
LONGEST_SLUG = 80
FIRST_REVIEW = timedelta(days=365)

FRONT = """---
title: "{title}"
summary: Write one sentence that says what the learner gets out of it.
roles: [{roles}]
minutes: 3
version: "0.1"
material: false
outcomes:
  - Write what the learner can do afterwards
capability: Write which published capability or standard this maps to
sources:
  first-source:
    title: Write the title of the page that the claims come from
    publisher: Write who published it
    url: https://www.example.org/write-the-address
    checked_on: {today}
written_on: {today}
review_by: {review_by}
"""
MODULE = """---

## Begin with something that happened

Begin with a person, a place and a day. Say what somebody saw, and stop where a decision is needed. Learners remember
people long after they have forgotten lists. Keep each card to one idea and at most about 120 words, and use short
sentences.

Put the source of each claim straight after it, like this.[^first-source] Every claim needs one. Take these words out
when you have written your own.

::: question first-decision must
What should the learner decide here? Ask about something they will really have to do.[^first-source]

- [ ] A mistake that people really make
  > Say kindly what would happen, and what to do instead.
- [ ] Another one, as likely as the first
  > Say what would happen, and what to do instead.
- [x] The right thing to do
  > Say why it is right. Move the right answer about, so that it does not always stand last.
:::

## Put right what many believe

::: myth
Write what people often say.
:::

::: fact
Write what is so, and where that is published.[^first-source]
:::

::: role {role}
This part is for one role only, in its own words. Give every role its own example where its day is different, and the
same text where the idea is the same. Try reading it aloud to somebody who does that work.
:::

::: question true-or-not
Write a sentence that many would take for true.

- [ ] True
  > Say why it is not so.
- [x] False
  > Right. Say what is so.
:::

::: question tick-all
What should be written down? Tick all that help.

- [x] Write something that helps
  > Say what it helps with.
- [ ] Write something that is often written and helps nobody
  > Say what to write instead.
- [x] Write another thing that helps
  > Say what it helps with.
:::

## Say what to do

Tell learners what to do in the order in which they will do it, and say when to ring somebody. Name who that is.

::: say
"I have seen a change, and I have written down when it began. Who will look at it, and by when?"
:::

::: question steps-in-order
Put the steps in order.

1. Write the first step
  > Say why it comes first.
2. Write the second step
  > Say what it needs from the first.
3. Write the third step
  > Say what happens after it.
:::

::: question what-belongs
Match each thing that somebody sees to what it may be.

- Write a first sign -> What it may be
  > Say how to tell.
- Write a second sign -> Something else it may be
  > Say how to tell.
:::

::: key
Write the one sentence that somebody should remember tomorrow.
:::

::: try
Write something small that can be done at work or at home this week, and that somebody will notice.
:::
"""
SCENARIO = """facts: {{asked: Somebody has been asked what changed}}
---

## Monday morning {{#monday}}

Begin with a person who has a name, a home and a wish, and with something that is not as it was. Tell it in the present,
as the learner would see it. Say what the room looks like, what the person does, and what nobody has asked yet.

Write what the learner could look up straight after the claim.[^first-source] Then let them choose. Every way should be
one that somebody really takes on a busy day. Take these words out when you have written your own.

- [Ask what has changed](#asking) {{safe}} {{set asked: yes}}
  > Say why it helps to look for the cause first.
- [Wait until tomorrow](#tuesday) {{unsafe}}
  > Say what may happen meanwhile, and what to do instead.
- [Do something that cannot be taken back](#harm) {{critical}}
  > Say what harm it would do. A critical choice always needs feedback.

## Asking {{#asking}}

Somebody knows something. Write who it is, what they say, and how it changes what the learner sees. Leave room for
doubt: the first answer is seldom the whole answer. The first choice here shows how a way on can be offered once only.

- [Look at the record as well](#tuesday) {{safe}} {{once}}
  > Say what the record adds.
- [Ring the person who can decide](#better) {{safe}}
  > Say what makes a call like this a good one.
- [Go back](#back)

## Tuesday {{#tuesday}}

A day has gone by. Write what is worse, and what can still be done. Some choices are offered only to learners who have
done something before, as the first one is here.

- [Ring, and say what you found out](#better) {{safe}} {{if asked: yes}}
  > Say why it is worth more with facts in hand.
- [Ring with what you have](#better) {{safe}}
  > Late, and still right. Say what to have ready.
- [Leave it to somebody else](#harm) {{unsafe}}
  > Say what happens when everyone thinks so.

## Better {{#better}} {{ending: safe}}

Write how it goes well: what was found, who decided, and what the person is doing again. Say what made the difference.

## Harm {{#harm}} {{ending: unsafe}}

Write what happened, without blame, and what would have changed it. Invite the learner to go back and try another way.
"""


class AlreadyWritten(Exception):
    """The file cannot be begun because there is one of that name."""


class NotASlug(Exception):
    """The file cannot be begun because its name would be no address."""


def begin(folder: Path, *, kind: str, slug: str, roles: Sequence[Role], today: date) -> Path:
    """Write a starter of a kind ("module" or "scenario") into a content folder, and return its path.

    Raises: NotASlug, AlreadyWritten; modules and scenarios share one set of names.
    """
    if not re.fullmatch(NAME, slug) or len(slug) > LONGEST_SLUG:
        raise NotASlug(f"`{slug}` cannot be an address: use small letters, figures and hyphens, such as first-signs.")
    for name in READERS:
        taken = folder / name / f"{slug}.md"
        if taken.exists():
            raise AlreadyWritten(f"{taken} is there already: choose another name.")
    path = folder / KINDS[kind] / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(starter(kind, slug=slug, roles=roles, today=today))
    return path


def starter(kind: str, *, slug: str, roles: Sequence[Role], today: date) -> str:
    """Return the text of a starter; its review is due in a year."""
    roles = tuple(dict.fromkeys(roles))
    front = FRONT.format(
        title=slug.replace("-", " ").capitalize(),
        roles=", ".join(roles),
        today=today.isoformat(),
        review_by=(today + FIRST_REVIEW).isoformat(),
    )
    return front + (MODULE.format(role=roles[0]) if kind == "module" else SCENARIO.format())
