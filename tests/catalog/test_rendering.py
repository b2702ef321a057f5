"""What learners are shown: our own few tags, numbered citations, and nothing that could run."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from training.catalog.faults import Faults
from training.catalog.plain_markdown import plain_html
from training.catalog.prose import Page, check_prose
from training.catalog.rendering import CLEANER, Renderer, _markdown

SOURCES = {"mar": 0, "gp": 0}
ALLOWED = {
    *("p", "h3", "ul", "ol", "li", "strong", "em", "code", "blockquote", "br", "hr", "a", "img"),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span", "sup"),
}


def page(folder) -> Page:
    return Page(Faults("sample.md"), dict(SOURCES), folder)


@pytest.fixture
def renderer(tmp_path):
    return Renderer(page(tmp_path / "modules"))


def test_a_citation_is_a_numbered_link_to_its_source(renderer):
    assert renderer.text("Ring.[^gp]") == (
        '<p>Ring.<sup class="app-citation"><a href="#source-gp">'
        '<span class="nhsuk-u-visually-hidden">Source </span>2</a></sup></p>'
    )


def test_a_block_stands_under_its_label(renderer):
    assert renderer.block("good-practice", "It went *well*.") == (
        '<div class="app-block app-block--good-practice"><p class="app-block__label">Good practice</p>'
        "<p>It went <em>well</em>.</p></div>"
    )


def test_an_outside_link_says_so_and_opens_here(renderer):
    assert renderer.text("[Go](https://x.org)") == ('<p><a href="https://x.org" rel="noopener noreferrer">Go</a></p>')
    assert renderer.text("[Go](/modules/a)") == '<p><a href="/modules/a">Go</a></p>'


def test_a_table_names_its_columns_for_screen_readers(renderer):
    html = renderer.text("| a | b |\n|---|:-:|\n| 1 | 2 |")
    assert '<th scope="col">a</th>' in html
    assert "style" not in html


def test_a_picture_is_shown_from_where_pictures_are_served(renderer):
    html = renderer.text("![A chart](chart.svg)\nLicence: ours")
    assert '<img alt="A chart" src="/pictures/modules/chart.svg">' in html


def test_small_headings_lists_quotations_and_entities_are_kept(renderer):
    assert renderer.text("### Now\n\n1. a\n2. b\n\n> c\n\n&lt;x & y") == (
        "<h3>Now</h3>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<blockquote>\n<p>c</p>\n</blockquote>\n<p>&lt;x &amp; y</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt&#58;alert(1))",
        "![a](javascript:x)",
        '[a](https://x.org "onclick=x")',
        "[a](data:text/html,x)",
        "<javascript:alert(1)>",
        "`<script>`",
        "<div style='x' class='app-block' onclick='x'>a</div>",
        '![a" onerror="x](b.svg)',
        "<iframe src='https://x.org'></iframe>",
        "[a](//evil.example)",
    ],
)
def test_nothing_that_could_run_gets_through_even_unchecked(renderer, text):
    for tag, attributes in tags_in(renderer.text(text)):
        assert tag in ALLOWED
        assert attributes.keys() <= {"href", "rel", "src", "alt", "class"}
        assert re.match(r"https?://|/|#source-", attributes.get("href") or attributes.get("src") or "/")


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def tags_in(html: str) -> list[tuple[str, dict]]:
    reader = _Tags()
    reader.feed(html)
    return reader.seen


@pytest.mark.parametrize("address", ["//evil", "//evil.example", "/a//b", "/modules/../x", "https:/x", "ftp://x.org"])
def test_an_address_that_leads_elsewhere_than_it_looks_is_refused(tmp_path, address):
    words = page(tmp_path)
    assert not check_prose(f"[Go]({address})", 1, words)
    assert "begin it with https://" in words.faults.found[0].message


PIECES = st.sampled_from(
    [
        *("a", "b", "é", "1", "7.", "7. ", "12) ", ".", ",", ":", "?", ">", "%", "'", '"', "(", ")", "&", "&amp;", "-"),
        *(" ", "  ", "   ", "\n", "\n\n", "\n- ", "\n  ", "\n    ", "\n\n- ", "\n> ", "\n1. ", "\n## ", "\n---\n"),
        *(
            "*",
            "**",
            "***",
            "**a b**",
            "*a*",
            "**a** ",
            "[a b](https://a.example/b)",
            "[*a*](/b)",
            "[a](/b#c)",
            "!",
            "[",
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_what_is_rendered_without_python_markdown_comes_out_as_it_would_have_it(text):
    plain = plain_html(text)
    assume(plain is not None)
    by_markdown = CLEANER.clean(_markdown().reset().convert(text))
    assert "".join(plain.split()) == "".join(by_markdown.split())


@given(st.text(alphabet="ab[]()!<>*_`#-&;:/^|~\"' \n=1.\\", max_size=200))
def test_whatever_passes_the_check_comes_out_clean(text):
    words = page(Path("modules"))
    assume(check_prose(text, 1, words))
    html = Renderer(words).text(text)
    assert CLEANER.clean(html) == html
    assert {tag for tag, _ in tags_in(html)} <= ALLOWED
