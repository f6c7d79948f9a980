"""What lesson 5's experiments measured: the script gives the data again, and the data says what the lesson says."""

import numpy as np

import measure_pooling
from lessons_lib import data

SHIFTS, RUNS = data.load("letter-shifts"), data.load("activation-runs")


def test_the_script_measures_what_the_data_holds():
    head, *rows = measure_pooling.letter_shifts()
    assert [dict(zip(head, row, strict=True)) for row in rows] == SHIFTS
    first = RUNS[0]
    assert measure_pooling.activation_run(first["curve"], first["rate"], first["seed"]) == list(first.values())


def test_only_after_pooling_a_moved_letter_is_more_like_itself_than_like_another():
    def margins(size, stride):
        rows = [row for row in SHIFTS if (row["size"], row["stride"]) == (size, stride)]
        other = {row["seed"]: row["other"] for row in rows if row["columns"] == 0}
        return [row["same"] - other[row["seed"]] for row in rows if row["columns"] == 1]

    assert len(margins(1, 1)) == len(margins(2, 2)) == 5
    assert max(margins(1, 1)) < 0 < 0.1 < min(margins(2, 2))
    assert min(margins(3, 2)) > 0.15


def test_the_sigmoid_needs_several_times_as_many_steps_and_is_as_right():
    def column(curve, rate, name):
        return np.array([row[name] for row in RUNS if (row["curve"], row["rate"]) == (curve, rate)])

    for rate, factor in ((0.1, 8), (0.5, 1.5)):
        relu, tanh, sigmoid = (column(curve, rate, "steps") for curve in ("relu", "tanh", "sigmoid"))
        assert len(relu) == len(tanh) == len(sigmoid) == 5
        assert sigmoid.min() > factor * np.median(relu) and sigmoid.min() > factor * np.median(tanh)
    assert min(row["accuracy"] for row in RUNS) > 0.98
