"""What is compared takes its turns one by one, so that nothing is warm from itself."""

from training.bench.clocks import interleaved


def test_turns_are_taken_one_by_one():
    order: list[str] = []
    taken = interleaved(lambda: order.append("page"), lambda: order.append("floor"), each=2, rounds=3)
    assert order == ["page", "floor"] * (1 + 2 * 3)
    assert len(taken) == 2
    assert all(milliseconds >= 0 for milliseconds in taken)


def test_what_takes_longer_is_said_to():
    long, short = interleaved(lambda: sum(range(200_000)), lambda: sum(range(200)), each=3)
    assert long > short
