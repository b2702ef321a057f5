"""What is compared takes its turns one by one, so that nothing is warm from itself."""

import pytest

from training.bench import clocks
from training.bench.clocks import interleaved


def test_turns_are_taken_one_by_one():
    order: list[str] = []
    taken = interleaved(lambda: order.append("page"), lambda: order.append("floor"), each=2, rounds=3)
    assert order == ["page", "floor"] * (1 + 2 * 3)
    assert len(taken) == 2
    assert all(milliseconds >= 0 for milliseconds in taken)


def test_what_one_turn_takes_is_said_in_milliseconds(monkeypatch):
    clock = [0.0]

    def takes(seconds):
        def act():
            clock[0] += seconds

        return act

    monkeypatch.setattr(clocks, "process_time", lambda: clock[0])
    long, short = interleaved(takes(0.004), takes(0.001), each=3)
    assert (long, short) == (pytest.approx(4), pytest.approx(1))
    assert long > short
