"""Which characters the shipped fonts have."""

import pytest
from fontTools.ttLib import TTFont

from training.exports.fonts import FontNotReadable, FontsNotBuilt, code_points, coverage, font_folder, load_fonts

ALPHABETS = {
    "Latin": "AZßŁőẞ",
    "Greek": "Ωψ",
    "Cyrillic": "Їж",
    "Arabic": "محپچگ",
    "Hebrew": "אש",
    "Devanagari": "कश्",
    "Bengali": "কৎ",
    "Tamil": "கழ்",
    "Telugu": "కళ",
    "Gurmukhi": "ਕੜ",
    "Gujarati": "કળ",
    "Malayalam": "കൾ",
    "Kannada": "ಕಳ",
    "Sinhala": "කළ",
    "Oriya": "କଳ",
    "Thai": "กฮ",
    "Lao": "ກຮ",
    "Khmer": "កឡ",
    "Burmese": "ကဠ",
    "Tibetan": "ཀཧ",
    "Georgian": "აჰ",
    "Armenian": "Ֆֆ",
    "Ethiopic": "ሀፐ",
    "Syriac": "ܐܬ",
    "Thaana": "ހޱ",
    "Chinese": "欧阳龍門",
    "Japanese": "山はサ",
    "Korean": "김힣",
    "emoji": "😀🏳",
}


@pytest.mark.parametrize("name", ALPHABETS)
def test_one_shipped_font_has_the_letters_of(name):
    assert any(has.issuperset(map(ord, ALPHABETS[name])) for has in coverage().values())


def test_our_own_words_come_first_and_chinese_before_korean():
    order = list(coverage())
    assert order[0] == "Noto Sans"
    assert order.index("Noto Sans SC") < order.index("Noto Sans KR")
    assert order[-1] == "Noto Emoji"


@pytest.mark.parametrize(
    "name", sorted(file.name for file in font_folder().glob("*.ttf")) or ["NotoSans_400Regular.ttf"]
)
def test_a_font_is_read_as_a_font_library_reads_it(name):
    file = font_folder() / name
    with TTFont(file, lazy=True) as font:
        tables = [table for table in font["cmap"].tables if table.format in {4, 12}]
        expected = {point for table in tables for point in table.cmap}
    assert code_points(file.read_bytes()) == expected


@pytest.mark.parametrize("content", [b"", b"not a font at all", b"\x00\x01\x00\x00" + bytes(60)])
def test_what_is_no_font_is_refused(content):
    with pytest.raises(FontNotReadable):
        code_points(content)


def test_a_folder_without_fonts_says_to_build_the_assets(tmp_path):
    with pytest.raises(FontsNotBuilt, match="build the assets"):
        load_fonts(tmp_path)
