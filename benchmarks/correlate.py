"""How fast `filtering.correlate` is, beside SciPy, scikit-image, TensorFlow and OpenCV.

Run `python benchmarks/correlate.py`.

Every library filters the same float32 picture of 512 x 512 with the same kernel, in turns and in one process, so that
a busy machine slows all of them; only ratios mean something. Libraries that are not installed are left out. Each way
that SciPy offers is tried, also by Fourier transform. OpenCV, in hand-written machine code, is beside the contest.
"""

import json
import os
import subprocess
import sys
from statistics import median
from time import perf_counter

SIDE = 512
KERNELS = (3, 5, 11)
ROUNDS = 31
LIMIT = 1.1
CONTEST = ("SciPy", "scikit-image", "TensorFlow")


def measure(rounds=ROUNDS):
    """Measure in two fresh processes: on one thread, and on as many as the libraries choose.

    Parameters
    ----------
    rounds : int
        How often each library filters; the median counts.

    Returns
    -------
    list of dict
        One a library and kernel: `threads` ("one", "default"), `kernel` (its side), `library`, `way`, `milliseconds`,
        `ratio` (its time divided by ours: above 1 is slower than `filtering.correlate`).
    """
    rows = []
    for threads in ("one", "default"):
        settings = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1") if threads == "one" else {}
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **settings}
        command = [sys.executable, __file__, "--child", threads, str(rounds)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"measuring with threads={threads} failed:\n{done.stderr}")
        rows += json.loads(done.stdout.splitlines()[-1])
    return rows


def worst(rows):
    """Our time divided by that of the fastest of SciPy, scikit-image and TensorFlow, where that is largest."""
    fastest = {}
    for row in rows:
        if row["library"] in CONTEST:
            place = row["threads"], row["kernel"]
            fastest[place] = min(row["ratio"], fastest.get(place, float("inf")))
    return max(1 / ratio for ratio in fastest.values())


def _measure_here(threads, rounds):
    import numpy as np

    random = np.random.default_rng(0)
    picture = random.random((SIDE, SIDE), dtype=np.float32)
    # After a large block was freed, glibc keeps memory for itself. Without this, the Fourier transforms spend most of
    # their time asking for memory, and would look worse than they are in a long session.
    del [np.ones(2**25 // 8 - 4096)][:]
    ways = _ways(threads)
    rows = []
    for side in KERNELS:
        kernel = random.standard_normal((side, side)).astype(np.float32)
        seconds = {name: [] for name in ways}
        expected = ways["lessons_lib", "filtering.correlate"](picture, kernel)
        edge = side // 2
        for name, way in ways.items():
            result = np.asarray(way(picture, kernel))
            inside = result if result.shape == expected.shape else result[edge:-edge, edge:-edge]
            if not np.allclose(inside, expected, atol=1e-3):
                raise RuntimeError(f"{name} gives another result than filtering.correlate")
        for _round in range(rounds):
            for name, way in ways.items():
                way(picture, kernel)
                start = perf_counter()
                way(picture, kernel)
                seconds[name].append(perf_counter() - start)
        ours = median(seconds["lessons_lib", "filtering.correlate"])
        for (library, way), times in seconds.items():
            rows.append({
                "threads": threads, "kernel": side, "library": library, "way": way,
                "milliseconds": round(1000 * median(times), 2), "ratio": round(median(times) / ours, 2),
            })  # fmt: skip
    return rows


def _ways(threads):
    from scipy import ndimage, signal
    from skimage import filters

    from lessons_lib import filtering

    ways = {
        ("lessons_lib", "filtering.correlate"): filtering.correlate,
        ("lessons_lib", "the same, border reflect"): lambda x, k: filtering.correlate(x, k, "reflect"),
        ("SciPy", "ndimage.correlate"): lambda x, k: ndimage.correlate(x, k),
        ("SciPy", "signal.correlate2d"): lambda x, k: signal.correlate2d(x, k, mode="valid"),
        ("SciPy", "signal.correlate"): lambda x, k: signal.correlate(x, k, mode="valid"),
        ("SciPy", "signal.fftconvolve"): lambda x, k: signal.fftconvolve(x, k[::-1, ::-1], mode="valid"),
        ("SciPy", "signal.oaconvolve"): lambda x, k: signal.oaconvolve(x, k[::-1, ::-1], mode="valid"),
        ("scikit-image", "filters.correlate_sparse"): lambda x, k: filters.correlate_sparse(x, k, mode="valid"),
    }
    try:
        import tensorflow as tf
    except ImportError:
        pass
    else:
        if threads == "one":
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        ways["TensorFlow", "nn.conv2d"] = lambda x, k: tf.nn.conv2d(
            x[None, :, :, None], k[:, :, None, None], 1, "VALID"
        ).numpy()[0, :, :, 0]
    try:
        import cv2
    except ImportError:
        pass
    else:
        if threads == "one":
            cv2.setNumThreads(1)
        ways["OpenCV", "filter2D"] = lambda x, k: cv2.filter2D(x, -1, k)
    return ways


def main():
    """Print the table; the exit code is 1 when `filtering.correlate` is over the limit."""
    rows = measure()
    print(f"{'threads':8} {'kernel':>7}  {'library and way':40} {'ms':>7} {'times ours':>11}")
    for row in rows:
        way = f"{row['library']} {row['way']}"
        kernel = f"{row['kernel']} x {row['kernel']}"
        print(f"{row['threads']:8} {kernel:>7}  {way:40} {row['milliseconds']:7.2f} {row['ratio']:11.2f}")
    found = worst(rows)
    print(f"ours / fastest of {', '.join(CONTEST)}: at most {found:.2f} (limit {LIMIT})")
    return int(found > LIMIT)


if __name__ == "__main__":
    if "--child" in sys.argv:
        print(json.dumps(_measure_here(sys.argv[2], int(sys.argv[3]))))
    else:
        sys.exit(main())
