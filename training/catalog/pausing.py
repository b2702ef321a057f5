"""Reading much at once without the garbage collector looking through all of it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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


def keep_for_good() -> None:
    """Let the garbage collector leave alone all that is here now: content and code, which every page would pay for."""
    gc.collect()
    gc.freeze()
