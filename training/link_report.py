"""What a link check found, in words for a terminal or in JSON for a script."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from training.catalog.cited import Place
from training.link_check import Answer, Verdict

Places = Mapping[str, Sequence[Place]]


def as_table(answers: Sequence[Answer], places: Places) -> str:
    """Return a line for each address under its verdict and its places below, and the numbers at the end."""
    width = max((len(answer.verdict) for answer in answers), default=0)
    lines = []
    for answer in answers:
        said = "" if answer.verdict is Verdict.FINE else f"  ({answer.said})"
        moved = f" -> {answer.moved_to}" if answer.moved_to else ""
        lines.append(f"{answer.verdict:{width}}  {answer.address}{moved}{said}")
        lines.extend(f"{'':{width}}    {place}" for place in places[answer.address])
    counted = Counter(answer.verdict for answer in answers)
    numbers = ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])
    return "\n".join([*lines, f"{len(answers)} addresses: {numbers or 'none'}."]) + "\n"


def as_json(answers: Sequence[Answer], places: Places) -> str:
    """Return a list of objects, one for each address, with its places as `file:line`."""
    rows = [
        {
            "address": answer.address,
            "verdict": answer.verdict,
            "said": answer.said,
            "moved_to": answer.moved_to,
            "cited_at": [str(place) for place in places[answer.address]],
        }
        for answer in answers
    ]
    return json.dumps(rows, indent=2) + "\n"
