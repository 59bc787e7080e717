"""Shuffled pairs: every way runs as often, the noisy block does not decide."""

import os

import pytest

from gis.bench.pairs import WARM_ROUNDS, cpu_ms_of, measure_pairs, ratio_of_blocks


def test_every_way_runs_as_often_and_no_number_comes_twice() -> None:
    seen: dict[str, list[int]] = {"a": [], "b": []}
    measured, medians = measure_pairs(
        {name: calls.append for name, calls in seen.items()}, rounds=7, blocks=3
    )
    assert len(seen["a"]) == len(seen["b"]) == 7 * 3 + WARM_ROUNDS
    assert not set(seen["a"]) & set(seen["b"])
    assert len(measured["a"].wall_ms) == 21 and len(medians) == 3


def test_the_order_of_a_pair_changes_from_round_to_round() -> None:
    order: list[str] = []
    measure_pairs({n: lambda _, n=n: order.append(n) for n in "ab"}, rounds=50, blocks=1)
    firsts = order[2 * WARM_ROUNDS :: 2]
    assert 10 < firsts.count("a") < 40


def test_the_ratio_is_the_middle_one_of_the_blocks() -> None:
    blocks = [{"a": 2.0, "b": 1.0}, {"a": 90.0, "b": 1.0}, {"a": 3.0, "b": 2.0}]
    assert ratio_of_blocks(blocks, "a", "b") == 2.0


def test_cpu_is_counted_while_a_process_works() -> None:
    before = cpu_ms_of(os.getpid())
    sum(i * i for i in range(300_000))
    assert cpu_ms_of(os.getpid()) - before > 1
    with pytest.raises(FileNotFoundError):
        cpu_ms_of(2**22 + 1)
