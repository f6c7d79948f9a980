"""How fast `geometry.conv2d` is, beside `tf.nn.conv2d`, on one layer of LeNet's size.

Run `python benchmarks/conv2d.py`.

Both convolve the same float32 batch of 32 x 28 x 28 x 20 with the same 50 kernels of 5 x 5 x 20, in turns and in one
process, so that a busy machine slows both; only the ratio means something. NumPy leaves the product of two matrices to
OpenBLAS, TensorFlow to oneDNN; each chooses the instructions that suit the processor (OPENBLAS_CORETYPE, which holds
OpenBLAS to older ones, is left out). With both held to AVX2 they are compared once more.
"""

import json
import os
import subprocess
import sys
from statistics import median
from time import perf_counter

BATCH, SIDE, DEPTH, SIZE, KERNELS = 32, 28, 20, 5, 50
ROUNDS = 31
LIMIT = 1.4
# The names of the settings, and the environment of each.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
SETTINGS = {
    "default threads": {},
    "one thread": ONE_THREAD,
    "one thread, AVX2 for both": ONE_THREAD | {"ONEDNN_MAX_CPU_ISA": "AVX2", "OPENBLAS_CORETYPE": "Haswell"},
}
# Set on some machines for older versions of OpenBLAS.
HELD_BACK = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def measure(rounds=ROUNDS):
    """Measure in a fresh process for each setting.

    Parameters
    ----------
    rounds : int
        How often each library convolves; the median counts.

    Returns
    -------
    list of dict
        One a setting, padding and way: `setting`, `padding`, `way`, `milliseconds`, and `ratio`, its time divided by
        that of TensorFlow (above 1 is slower).
    """
    rows = []
    for name, variables in SETTINGS.items():
        environment = {name: value for name, value in os.environ.items() if name not in HELD_BACK}
        environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", **variables}
        command = [sys.executable, __file__, "--child", name, str(rounds)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"measuring with {name} failed:\n{done.stderr}")
        rows += json.loads(done.stdout.splitlines()[-1])
    return rows


def ratio(rows, setting="one thread"):
    """The time of `geometry.conv2d` divided by TensorFlow's under one setting, where that is largest."""
    return max(row["ratio"] for row in rows if row["setting"] == setting and row["way"] == "geometry.conv2d")


def _measure_here(setting, rounds):
    import numpy as np
    import tensorflow as tf

    from lessons_lib import geometry

    if setting != "default threads":
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    random = np.random.default_rng(0)
    x = random.standard_normal((BATCH, SIDE, SIDE, DEPTH), dtype=np.float32)
    kernels = random.standard_normal((SIZE, SIZE, DEPTH, KERNELS), dtype=np.float32)
    rows = []
    for padding in ("valid", "same"):
        ways = {
            "tf.nn.conv2d": lambda padding=padding: tf.nn.conv2d(x, kernels, 1, padding.upper()).numpy(),
            "geometry.conv2d": lambda padding=padding: geometry.conv2d(x, kernels, padding=padding),
            "a loop over kernel cells": lambda padding=padding: _by_cells(geometry, np, x, kernels, padding),
        }
        expected = ways["tf.nn.conv2d"]()
        seconds = {name: [] for name in ways}
        for name, way in ways.items():
            if not np.allclose(way(), expected, atol=1e-3):
                raise RuntimeError(f"{name} gives another result than tf.nn.conv2d")
        for _round in range(rounds):
            for name, way in ways.items():
                start = perf_counter()
                way()
                seconds[name].append(perf_counter() - start)
        theirs = median(seconds["tf.nn.conv2d"])
        for name, times in seconds.items():
            rows.append({
                "setting": setting, "padding": padding, "way": name,
                "milliseconds": round(1000 * median(times), 2), "ratio": round(median(times) / theirs, 2),
            })  # fmt: skip
    return rows


def _by_cells(geometry, np, x, kernels, padding):
    """The five lines that the lesson's notebook writes first."""
    rows, columns = kernels.shape[:2]
    around = [geometry.pad_widths(n, f, 1, padding) for n, f in zip(x.shape[1:3], (rows, columns), strict=True)]
    x = np.pad(x, [(0, 0), *around, (0, 0)])
    h, w = x.shape[1] - rows + 1, x.shape[2] - columns + 1
    return sum(x[:, a : a + h, b : b + w] @ kernels[a, b] for a in range(rows) for b in range(columns))


def main():
    """Print the table; the exit code is 1 when `geometry.conv2d` is over the limit on one thread."""
    rows = measure()
    print(f"{'setting':26} {'padding':8} {'way':26} {'ms':>7} {'times TensorFlow':>17}")
    for row in rows:
        print(f"{row['setting']:26} {row['padding']:8} {row['way']:26} {row['milliseconds']:7.2f} {row['ratio']:17.2f}")
    for setting in SETTINGS:
        print(f"geometry.conv2d / tf.nn.conv2d, {setting}: at most {ratio(rows, setting):.2f} (limit {LIMIT})")
    return int(ratio(rows) > LIMIT)


if __name__ == "__main__":
    if "--child" in sys.argv:
        print(json.dumps(_measure_here(sys.argv[2], int(sys.argv[3]))))
    else:
        sys.exit(main())
