import pytest

from .figures import Figure, interleaved, percentile, ratio, table


def test_ratio_is_of_medians_and_of_the_least():
    seconds = {"ours": [1.0, 9.0, 2.0], "theirs": [4.0, 5.0, 100.0]}
    assert ratio(seconds, "ours", "theirs") == "0.40 × (least 0.25 ×)"


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 3), (0.95, 5), (1.0, 5)])
def test_percentile_is_one_of_the_values(share, value):
    assert percentile([5, 3, 1, 4, 2], share) == value


def test_every_round_runs_all_variants_in_turning_order_and_one_round_does_not_count():
    order = []
    seconds = interleaved(3, {name: lambda name=name: order.append(name) for name in "ab"})
    assert "".join(order) == "ab" + "ba" + "ab" + "ba"
    assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3}


def test_variant_may_give_its_own_seconds():
    assert interleaved(2, {"own": lambda: 0.25}) == {"own": [0.25, 0.25]}


def test_table_has_a_line_for_each_figure():
    lines = table([Figure("open", "0.3 s", "", "≤ 1 s"), Figure("save", "0.2 s", "", "≤ 1 s")]).splitlines()
    assert lines[0] == "| what | measured | against | budget |"
    assert lines[2:] == ["| open | 0.3 s |  | ≤ 1 s |", "| save | 0.2 s |  | ≤ 1 s |"]
