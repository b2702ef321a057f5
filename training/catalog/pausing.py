"""Reading much at once without the garbage collector looking through all of it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let the garbage collector rest until the block ends, if it was at work.

    What is read is kept, and there is next to no garbage among it, so that looking for some only takes time: up to a
    third of it, with hundreds of files.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


# A page makes some thousands of things and next to no rings of them, and all of it goes when the page is sent.
MADE_BEFORE_A_LOOK: Final = 10_000


def keep_for_good() -> None:
    """Let the garbage collector leave alone all that is here now: content and code, which every page would pay for.

    From then on it looks for rings after so many new things, and not after each 700.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_A_LOOK, *gc.get_threshold()[1:])
