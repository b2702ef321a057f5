"""A small library for the pages to show: every kind of question, a module for every role, a story and a twin."""

from pathlib import Path

from tests.catalog.sample_content import (
    BODY,
    SCENARIO_BODY,
    easy_read_text,
    module_text,
    scenario_text,
    write,
    write_easy_read,
)

PADDING = "word " * 120
EVERY_KIND = f"""## One answer

::: question single must
What do you do first?[^mar]

- [ ] Wait
  > It may be serious.
- [x] Ring today
  > Yes.[^mar]
- [ ] Write it in the book and go home
  > Somebody must act on it.
:::

## True or false

{PADDING}

::: question true-false
Staff may stop a medicine.

- [ ] True
  > Only the prescriber may.
- [x] False
  > Right.
:::

## Several answers

::: question several
Which of these do you report?

- [x] Shaking
  > Yes.
- [x] A fall
  > Yes.
- [ ] A good meal
  > That is no side effect.
:::

## In order

{PADDING}

::: question order
Put the steps in order.

1. Notice the change
  > It begins with you.
2. Write it down
  > While it is fresh.
3. Tell someone who can act
  > The same day.
:::

## In pairs

::: question match
Match each sign to what it may be.

- Restless -> Akathisia
  > It can look like agitation.
- Lips moving -> Tardive dyskinesia
  > The person may not notice it.
- Very sleepy -> Sedation
  > It may be too much.
:::
"""
TRACKS = """prescriber: {title: Prescribers, purpose: Prescribe well., core: [for-everyone], further: []}
non-prescriber: {title: Professionals, purpose: Speak up., core: [for-everyone], further: []}
social-care: {title: Social care, purpose: Notice., core: [every-kind, for-everyone, the-story], further: []}
family-carer: {title: Family carers, purpose: Ask., core: [for-everyone], further: []}
"""
CARE = "[social-care, family-carer]"
EVERYBODY = "[prescriber, non-prescriber, social-care, family-carer]"


def write_content(folder: Path) -> Path:
    """Write the library into a folder and return it."""
    write(folder, module_text(EVERY_KIND, title="Every kind of question", roles=CARE), "modules/every-kind.md")
    write(folder, module_text(BODY, title="For everyone", roles=EVERYBODY), "modules/for-everyone.md")
    story = SCENARIO_BODY.replace("You looked first.", "You looked first.[^mar]")
    write(folder, scenario_text(story, title="The story", roles=CARE), "scenarios/the-story.md")
    write(folder, TRACKS, "tracks.yaml")
    write_easy_read(folder, easy_read_text(title="Every kind of medicine"), "every-kind")
    return folder
