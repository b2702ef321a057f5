"""Resources are read strictly and found by what somebody looks for."""

import pytest

from training.catalog.faults import Faults
from training.catalog.resources import Wanted, find, read_resources
from training.config import shipped

ENTRY = """
{slug}:
  title: "{title}"
  publisher: Somebody
  url: {url}
  audience: [{audience}]
  format: guide
  topic: rights
  easy_read: {easy_read}
  language: en
  checked_on: 2026-11-22
"""


def entry(slug, *, title="A guide", url="https://example.org/a", audience="social-care", easy_read="false"):
    return ENTRY.format(slug=slug, title=title, url=url, audience=audience, easy_read=easy_read)


def read(tmp_path, text):
    path = tmp_path / "resources.yaml"
    path.write_text(text)
    faults = Faults(str(path))
    return read_resources(path, faults), [fault.message for fault in faults.found]


@pytest.fixture(scope="module")
def shipped_resources():
    faults = Faults("resources.yaml")
    found = read_resources(shipped("content") / "resources.yaml", faults)
    assert faults.found == []
    return found


def test_every_role_and_people_themselves_find_something(shipped_resources):
    for audience in ("prescriber", "non-prescriber", "social-care", "family-carer", "people"):
        assert len(find(shipped_resources, Wanted(audience=audience))) >= 10


def test_filters_narrow_down_together(tmp_path):
    resources, faults = read(
        tmp_path,
        entry("one", title="Speaking up") + entry("two", url="https://example.org/b", easy_read="true"),
    )
    assert faults == []
    assert [each.slug for each in find(resources, Wanted(search="UP speaking"))] == ["one"]
    assert [each.slug for each in find(resources, Wanted(easy_read=True))] == ["two"]
    assert find(resources, Wanted(search="speaking", easy_read=True)) == ()
    assert [each.slug for each in find(resources, Wanted())] == ["two", "one"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (entry("one", url="example.org"), "no web address"),
        (entry("one") + entry("two"), "already: keep one"),
        (entry("one", audience="nurse"), "a role, or `people`"),
        (entry("one", easy_read="maybe"), "true or false"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, words):
    _, faults = read(tmp_path, text)
    assert len(faults) == 1
    assert words in faults[0]
