"""How wide words come out in Arial, so that they can be broken and cut to fit a box."""

# Widths in thousandths of the letter size, as the font's own table gives them; other letters count as an "n".
WIDTHS = {
    222: "ijl'‘’",
    278: "ftI .,:;/\\!|",
    340: 'r()-[]"“”·*`',
    500: "ckrsvxyzJ",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "wCDHNRU",
    778: "GOQ",
    833: "mM",
    1000: "W…—%@",
}
LETTERS = {letter: width for width, letters in WIDTHS.items() for letter in letters}
OTHERWISE = 556
ELLIPSIS = "…"


def width_of(words: str, size: float) -> float:
    """Return how wide words are in letters of a size."""
    return sum(LETTERS.get(letter, OTHERWISE) for letter in words) * size / 1000


def cut(words: str, size: float, room: float) -> str:
    """Return words that fit, their end replaced by an ellipsis where they do not."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(kept + ELLIPSIS, size) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,.;:") + ELLIPSIS


def lines_of(words: str, size: float, room: float) -> list[str]:
    """Break words into lines that fit; a word wider than a line is cut."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(cut(word, size, room))
    return lines
