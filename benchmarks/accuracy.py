"""What the networks of lessons 6 and 8 reach on pictures they have never seen, and in how many seconds.

Run `python benchmarks/accuracy.py`. Each is trained here once, as the tools train what the lessons show. Seconds are
by the clock, on all cores.
"""

import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

# Least share of pictures read rightly, and most seconds.
PLAIN, BEST = (0.975, 30), (0.988, 120)


def measure():
    """One row for each network.

    Returns
    -------
    list of dict
        `lesson`, `network`, `accuracy`, `seconds`, and the promises `least` and `most`, None where there is none.
    """
    import train_lenet
    import train_transfer

    rows = []
    for name, what, (least, most) in (
        ("relu", "LeNet, 8 000 digits, 8 epochs", PLAIN),
        ("best", "LeNet, the recipe: 30 epochs of deformed digits, dropout", BEST),
    ):
        build, how = train_lenet.NETWORKS[name]
        (seconds, _work), (_learned, tested) = train_lenet.train(build(seed=0), how, seed=0)
        rows.append(_row("lenet", what, tested, seconds, least, most))
    for method, what in (
        ("scratch", "a small network from scratch"),
        ("frozen", "ImageNet's network, frozen, a new top"),
        ("last", "the same, its last blocks freed"),
    ):
        train_transfer.test_set("textures")
        start = perf_counter()
        found = train_transfer.run(("textures", method, 50, 0))
        rows.append(_row("transfer", f"three textures, 50 a class: {what}", found["accuracy"], perf_counter() - start))
    return rows


def _row(lesson, network, accuracy, seconds, least=None, most=None):
    return {
        "lesson": lesson, "network": network, "accuracy": accuracy, "seconds": seconds, "least": least, "most": most,
    }  # fmt: skip


if __name__ == "__main__":
    for row in measure():
        print(f"{row['network']:70} {100 * row['accuracy']:6.2f} % in {row['seconds']:5.1f} s")
