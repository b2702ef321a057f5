"""A pack is written as a stream, says nothing of the clock, and any ZIP reader opens it."""

import io
import zipfile
from datetime import date
from hashlib import sha256

import pytest

from training.exports.pack import PackFile, encode_pack

DAY = date(2026, 3, 1)


def no_seal(_written):
    return ()


def test_every_file_comes_back_and_the_seal_knows_each_hash():
    told = []

    def seal(written):
        told.extend(written)
        yield PackFile("manifest.json", "all", [b"{}"])

    files = [PackFile("a.txt", "first", [b"ab", b"", b"c"]), PackFile("名前/ب.txt", "second", [])]
    body = b"".join(encode_pack(files, day=DAY, seal=seal))
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        assert {name: pack.read(name) for name in pack.namelist()} == {
            "a.txt": b"abc",
            "名前/ب.txt": b"",
            "manifest.json": b"{}",
        }
    assert [(one.name, one.says, one.size, one.sha256) for one in told] == [
        ("a.txt", "first", 3, sha256(b"abc").hexdigest()),
        ("名前/ب.txt", "second", 0, sha256(b"").hexdigest()),
    ]


def test_a_file_is_asked_for_when_its_turn_has_come_and_nothing_is_held_back():
    asked, given = [], 0

    def noise(name):
        asked.append(name)
        for number in range(50):
            yield sha256(f"{name}{number}".encode()).digest() * 2000

    files = (PackFile(name, "", noise(name)) for name in ("one", "two"))
    most = 0
    for piece in encode_pack(files, day=DAY, seal=no_seal):
        given += len(piece)
        most = max(most, len(piece))
        if given < 1000:
            assert "two" not in asked
    assert asked == ["one", "two"]
    assert most < 70_000


def test_the_same_files_give_the_same_bytes_dated_the_day_they_are_about():
    made = [b"".join(encode_pack([PackFile("a", "", [b"a"])], day=DAY, seal=no_seal)) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as pack:
        assert pack.infolist()[0].date_time == (2026, 3, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("day", "year"), [(date(1950, 1, 1), 1980), (date(1952, 2, 29), 1980), (date(2199, 12, 31), 2107)]
)
def test_a_day_that_a_zip_cannot_say_is_the_nearest_year_it_can(day, year):
    body = b"".join(encode_pack([PackFile("a", "", [b"a"])], day=day, seal=no_seal))
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        assert pack.infolist()[0].date_time[:2] == (year, day.month)


def test_two_files_of_one_name_are_refused_because_some_machines_know_no_capitals():
    files = [PackFile("a.txt", "", [b"1"]), PackFile("A.txt", "", [b"2"])]
    with pytest.raises(ValueError, match="two files"):
        list(encode_pack(files, day=DAY, seal=no_seal))


def test_a_fault_in_a_file_comes_out_as_it_is():
    def broken():
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        list(encode_pack([PackFile("a", "", broken())], day=DAY, seal=no_seal))
