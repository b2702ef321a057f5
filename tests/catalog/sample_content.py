"""Small modules, scenarios and Easy Read twins, whole and right, for tests to spoil one thing in."""

from pathlib import Path

from training.catalog.library import check_content

COMMON = {
    "title": "Spotting side effects",
    "summary": "What to look for.",
    "version": '"1.0"',
    "material": "false",
    "outcomes": "[Say what to report]",
    "capability": "The pledge",
    "sources": "{mar: {title: Records, publisher: CQC, url: https://example.org/mar, checked_on: 2026-11-22}}",
    "written_on": "2026-11-22",
    "review_by": "2027-11-22",
}
MODULE_FRONT = {**COMMON, "roles": "[social-care]", "minutes": "3", "pass_mark": "80"}
SCENARIO_FRONT = {**COMMON, "roles": "[social-care]", "minutes": "3", "facts": "{told_gp: The GP knows}"}

QUESTION = """::: question first-step must
What do you do first?[^mar]

- [ ] Wait
  > It may be serious.
- [x] Ring today
  > Yes.
:::"""
BODY = f"""## Look first

Report it the same day.[^mar] {"word " * 115}

{QUESTION}

## Then act

{"word " * 120}

## And go on

{"word " * 120}

## Until it is done

{"word " * 120}
"""
SCENARIO_BODY = f"""## Monday {{#monday}}

{"word " * 300}

- [Ask](#treated) {{safe}}
  > You looked first.
- [Give the tablet](#worse) {{critical}}
  > Nobody has looked.

## Treated {{#treated}} {{ending: safe}}

{"word " * 100}

## Worse {{#worse}} {{ending: unsafe}}

{"word " * 100}
"""
EASY_READ_FRONT = {
    **{key: COMMON[key] for key in ("title", "summary", "version", "sources", "written_on", "review_by")},
    "module_version": '"1.0"',
}
EASY_READ_BODY = """## Your medicine

![A person with some tablets](tablets.svg)
A **side effect** is something bad that a medicine does.
You can tell someone.

![Two people talking](talking.svg)

Do you feel ill?

## Get help

![A phone](phone.svg)
Ring 999 in an emergency.
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180"><path d="M0 0h240v180H0z"/></svg>'
TRACKS = "\n".join(
    f"{role}: {{title: T, purpose: P, core: [], further: []}}"
    for role in ("prescriber", "non-prescriber", "social-care", "family-carer")
)


def module_text(body: str = BODY, **changes: str | None) -> str:
    """Write a module with some front matter changed, or left out where the change is None."""
    return _written({**MODULE_FRONT, **changes}, body)


def scenario_text(body: str = SCENARIO_BODY, **changes: str | None) -> str:
    """Write a scenario with some front matter changed, or left out where the change is None."""
    return _written({**SCENARIO_FRONT, **changes}, body)


def easy_read_text(body: str = EASY_READ_BODY, **changes: str | None) -> str:
    """Write an Easy Read twin with some front matter changed, or left out where the change is None."""
    return _written({**EASY_READ_FRONT, **changes}, body)


def with_card(markdown: str) -> str:
    """Write a module with one more card, short enough to leave its minutes right."""
    return module_text(f"{BODY}\n## One more card\n\n{markdown}\n")


def with_scenes(markdown: str) -> str:
    """Write a scenario of these scenes alone, its first padded so that the minutes fit."""
    head, _, rest = markdown.partition("\n")
    return scenario_text(f"{head}\n\n{'word ' * 450}\n{rest}\n")


def _written(front: dict[str, str | None], body: str) -> str:
    keys = "\n".join(f"{key}: {value}" for key, value in front.items() if value is not None)
    return f"---\n{keys}\n---\n\n{body}"


def write(folder: Path, text: str | bytes, name: str = "sample.md") -> Path:
    """Write a content file, as it is."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def write_easy_read(folder: Path, text: str | bytes, slug: str = "first") -> Path:
    """Write a twin into a content folder, with the pictures that the sample needs."""
    for name in ("tablets", "talking", "phone"):
        write(folder, PICTURE, f"easy-read/pictures/{name}.svg")
    return write(folder, text, f"easy-read/{slug}.md")


def faults_in(folder: Path, text: str | bytes, kind: str = "modules") -> list[str]:
    """Check one text as a file of a kind; return its faults as `line: message`."""
    path = write(folder, text, f"{kind}/sample.md")
    return [f"{fault.line}: {fault.message}" for fault in check_content(path)]


def line_of(text: str, part: str) -> int:
    """Return the first line that holds a part of a text."""
    return text[: text.index(part)].count("\n") + 1
