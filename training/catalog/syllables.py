"""How many syllables an English word has, by rule and without a dictionary."""

import re
from functools import lru_cache

SPOKEN = {"mr": 2, "mrs": 2, "ms": 1, "dr": 2, "st": 1, "adhd": 4, "mar": 1, "sbard": 2, "hmm": 1, "shh": 1, "one": 1}
SPOKEN |= {
    "business": 2,
    "businesses": 3,
    "parliament": 3,
    "recipe": 3,
    "soldier": 2,
    "element": 3,
    "wednesday": 2,
    "every": 2,
}
LONGEST_SPELT_OUT = 3
FIGURES = 1

VOWELS = re.compile(r"[aeiouy]+")
SOUNDED = re.compile(r"[a-z0-9']+", re.IGNORECASE)
EVERY = re.compile(r"^every(?=[a-z])")
# A mute e inside a word: where a suffix or the second half of a compound begins.
COMPOUND = re.compile(
    r"^(?:some|home|life|side|time|care|there|here(?!d)|where|more|like|safe|name|fire|phone|face|base)"
    r"(?=[b-df-hj-np-tv-xz][a-z]{2})"
)
BEFORE_SUFFIX = re.compile(r"(?<=[aeiouy])([^aeiouyl]|[lr]l|l)e(?=(?:ment|ful|less|ness|ly|some)(?:s|ly|ness)?$)")
MUTE_END = re.compile(
    r"(?<![aeiouy])(?<![^aeiouylr]l)e$"
    r"|(?<![aeiouysxzcg])(?<![cs]h)(?<![^aeiouylr]l)es$"
    r"|(?<![aeioutd])(?<![^aeiouylrw]l)ed$"
    r"|(?<=ach)(?<![eot]ach)e[sd]$|(?<=[gq])ues?$"
)
# Two vowels beside each other that are spoken one by one.
TWO_SOUNDS = (
    r"(?<![cts])ia(?!ge)|[ct]iat|sia$|(?<![ctgx])io(?!n|u)|(?<![ctsgxnl])ion|(?<![ctgx])ious|iu",
    r"(?<![qg])ua(?!d)|(?<![qg])uin|(?<![qg])ue(?=[ln])|fluid|suici",
    r"eo(?!ple|rge|us|ne)(?<!geo)|creat(?!u)|area|idea|theat|^rea(?=ct|ss|dm|pp|rr)|rrhoea|poe[mt]|chao|co-?o[pr]",
    r"[drx]iet|quiet|ciet|^scien|client|(?<![ctf])(?<!fr)ien|(?<=[aeiouy])[^aeiouy]+ie(?=rs?$|st$)|(?<=[aeiouy])ing",
    r"[stz]m$|sms$|thm|[sd]n't$",
)
HIATUS = re.compile("|".join(TWO_SOUNDS))


@lru_cache(maxsize=16_384)
def syllables_in(word: str) -> int:
    """Count the syllables of a word as it stands in a text; halves joined by a hyphen are counted one by one.

    Short words in capitals are spelt out, as `GP` is; figures count as one, however long.
    """
    return sum(_spoken(part.strip("'")) for part in SOUNDED.findall(word.replace("’", "'")) if part.strip("'"))


@lru_cache(maxsize=8192)
def _spoken(word: str) -> int:
    lower = word.lower()
    if lower in SPOKEN:
        return SPOKEN[lower]
    if any(letter.isdigit() for letter in word):
        return FIGURES
    spelt_out = word.isupper() and len(word) <= LONGEST_SPELT_OUT
    if spelt_out or not VOWELS.search(lower):
        return len(re.findall(r"[a-z]", lower)) + 2 * lower.count("w")
    if lower.endswith("'s"):
        return _spoken(word[:-2]) + bool(re.search(r"(?:[sxz]|[cs]h|[sczg]e)$", lower[:-2]))
    return max(1, _counted(lower))


def _counted(word: str) -> int:
    """Count the vowel sounds of a word in small letters."""
    if found := EVERY.match(word):
        return 2 + _spoken(word[found.end() :])
    if found := COMPOUND.match(word):
        return _spoken(found[0]) + _spoken(word[found.end() :])
    # Between two vowels y is a consonant, as in "beyond".
    plain = re.sub(r"(?<=[aeiou])y(?=[aeiou])", "j", word)
    plain = BEFORE_SUFFIX.sub(r"\1", plain)
    groups = len(VOWELS.findall(plain))
    return groups - bool(groups > 1 and MUTE_END.search(plain)) + len(HIATUS.findall(plain))
