"""What stands on a certificate, whoever holds it."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from training.exports.certificate import Certificate, encode_certificate, encode_certificates

GOLDEN = Path(__file__).parent.parent / "golden" / "certificate.txt"
CERTIFICATE = Certificate(
    holder_name="Amina O’Connell-Śmigielska",
    item_title="Spotting and recording side effects",
    version="1.2",
    role_label="Social care staff",
    organisation_name="Hillside Supported Living",
    passed_on=date(2026, 1, 14),
    until_words="In date until 13 Jan 2027",
    reason="Passed on 14 Jan 2026, and it lasts 12 months.",
    code="7K3M-9QXD",
    check_url="https://training.example.org/check/7K3M-9QXD",
    minutes=6,
    outcomes=("Say which changes to report the same day", "Record what you saw in the words of the person"),
    signoff_words="The content is awaiting clinical sign-off.",
)


def read(pdf: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    return reader


def words_of(certificate: Certificate) -> str:
    return read(encode_certificate(certificate)).pages[0].extract_text()


def name_on(certificate: Certificate) -> str:
    text = words_of(certificate).split("This records that\n")[1].split("\ncompleted\n")[0]
    return " ".join(text.split())


def named(name: str) -> Certificate:
    return replace(CERTIFICATE, holder_name=name)


def test_the_words_of_a_certificate_are_the_golden_ones():
    assert words_of(CERTIFICATE) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_document_is_tagged_a4_and_says_its_title_and_language():
    reader = read(encode_certificate(CERTIFICATE))
    root = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a PDF object, not a bool)
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title.startswith("Certificate of learning: Spotting and recording side effects")
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_the_square_has_words_for_those_who_cannot_see_it():
    reader = read(encode_certificate(CERTIFICATE))
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    words = [thing["/Alt"] for thing in objects if isinstance(thing, dict) and "/Alt" in thing]
    assert f"QR code that opens the address {CERTIFICATE.check_url}" in words


def test_the_same_certificate_gives_the_same_bytes():
    assert encode_certificate(CERTIFICATE) == encode_certificate(replace(CERTIFICATE))


def test_a_certificate_without_an_end_says_so():
    text = words_of(replace(CERTIFICATE, until_words="Does not expire"))
    assert "Does not expire" in text
    assert "In date until" not in text


def test_what_is_not_given_leaves_no_empty_heading():
    text = words_of(replace(CERTIFICATE, outcomes=(), signoff_words="", minutes=1))
    assert "What it covered" not in text
    assert "Clinical sign-off" not in text
    assert "1 minute\n" in text


@pytest.mark.parametrize(
    "name",
    [
        "Amina O’Connell-Śmigielska",
        "Ірина Їжакевич",
        "Ελένη Παπαδοπούλου",
        "欧阳娜娜",
        "山田 はなこ",
        "김민수",
        "Sam 😀 Lee",
        '#strong[x] $x^2$ \\ "quotes" `raw` <l>',
        "//c /*d*/ 'x' *b* _i_ @ref #panic()",
    ],
)
def test_a_name_is_printed_letter_for_letter(name):
    assert name_on(named(name)) == name


@pytest.mark.parametrize(
    "name", ["محمد عبد الرحمن", "יעל בן־דוד", "শ্রীমতী রাবেয়া খাতুন", "செல்வி கிருஷ்ணமூர்த்தி", "ဒေါ်အောင်ဆန်း"]
)
def test_a_name_that_is_shaped_or_runs_the_other_way_is_printed_with_all_its_letters(name):
    assert set(name_on(named(name))) - {" "} == set(name) - {" "}
    assert read(encode_certificate(named(name))).metadata.title.endswith(name)


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Ann\nLee", "Ann Lee"), ("A\x00nn\x07", "Ann"), ("Ann \u202eeeL\u202c", "Ann eeL"), ("A\ud800nn", "Ann")],
)
def test_a_name_loses_what_cannot_be_seen_and_nothing_else(name, printed):
    assert name_on(named(name)) == printed
    assert "could not be printed" not in words_of(named(name))


def test_a_letter_that_cannot_be_printed_is_a_box_and_the_page_says_so():
    assert name_on(named("Ann \U00010900")) == "Ann □"
    assert "Some characters of the name could not be printed." in words_of(named("Ann \U00010900"))
    elsewhere = words_of(replace(CERTIFICATE, organisation_name="Care \U00010900"))
    assert "Some characters on this page could not be printed." in elsewhere


@pytest.mark.parametrize("name", ["W" * 255, "欧" * 255, "م" * 255, "Maximiliana " * 21, "W" * 30 + " Lee"])
def test_a_long_name_stays_on_the_page(name):
    assert name_on(named(name)).replace("\u200b", "").replace(" ", "") == name.replace(" ", "")


def test_more_than_a_page_holds_is_set_smaller_and_counted():
    long = (
        "Say what a person will be able to do when they have learned it, and why it matters to the people they support"
    )
    text = words_of(replace(CERTIFICATE, item_title=(long * 3)[:255], reason=long, outcomes=(long,) * 40))
    assert f"and {40 - text.count('• Say what')} more" in text
    assert "Receipt code: 7K3M-9QXD" in text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=255), st.text(max_size=80))
def test_no_name_stops_a_certificate(name, organisation):
    read(encode_certificate(replace(CERTIFICATE, holder_name=name, organisation_name=organisation)))


def test_many_certificates_come_one_by_one_in_their_order():
    asked = []

    def certificates():
        for name in ("Ann", "Ben", "Cat"):
            asked.append(name)
            yield named(name)

    made = encode_certificates(certificates())
    assert asked == []
    assert read(next(made)).metadata.title.endswith("Ann")
    assert asked == ["Ann"]
    assert [read(pdf).metadata.title[-3:] for pdf in made] == ["Ben", "Cat"]


def test_threads_share_the_compiler():
    made = {}
    threads = [
        Thread(target=lambda name=name: made.update({name: encode_certificate(named(name))})) for name in ("Ann", "Ben")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {"Ann": encode_certificate(named("Ann")), "Ben": encode_certificate(named("Ben"))}
