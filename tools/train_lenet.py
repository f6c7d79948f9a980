"""Train lesson 6's networks: the weights that are shipped, and the table of many networks over several seeds.

    python tools/train_lenet.py lenet              the recipe of lesson 6 on the 8 000 digits for training: lenet.npz
    python tools/train_lenet.py lenet-runs         every network of the table, five times each: lenet-runs.npz
    python tools/train_lenet.py --choose           what the recipe was chosen by: a part held out from the 8 000
    python tools/train_lenet.py --new lenet        write the file and register its SHA-256

The digits from 8 000 on choose nothing: they are only counted, at the very end. Training is not the same to the last
bit on two machines, so a file made again differs a little from the one registered; `--new` says that it is meant to.
"""

import argparse
import hashlib
import sys
import time
import tomllib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lessons_lib import data, images, lenet  # noqa: E402
from lessons_lib.networks import lenet as builders  # noqa: E402
from lessons_lib.networks import training  # noqa: E402
from make_data import FOLDER, as_npz  # noqa: E402

LEARNED = slice(0, 8000)
TEST = slice(8000, 10_000)
SEEDS = range(5)
# What each network of the table is, and how it is trained where not as all the others.
NETWORKS = {
    "linear": (builders.linear, {}),
    "mlp": (builders.mlp, {}),
    "mlp-shuffled": (builders.mlp, {"shuffled": True}),
    "lenet5": (builders.lenet5, {}),
    "tanh": (lambda seed: builders.build("tanh", seed=seed), {}),
    "relu": (lambda seed: builders.build(seed=seed), {}),
    "no-activation": (lambda seed: builders.build(None, seed=seed), {}),
    "no-pooling": (lambda seed: builders.build(pooling=False, seed=seed), {}),
    "shuffled": (lambda seed: builders.build(seed=seed), {"shuffled": True}),
    "dropout": (lambda seed: builders.build(dropout=0.5, seed=seed), {}),
    "deformed": (lambda seed: builders.build(seed=seed), {"change": lenet.deform}),
    "best": (lambda seed: builders.build(dropout=0.5, seed=seed), builders.RECIPE),
}


def digits(part, shuffled=False):
    """Pictures and labels of a part; `shuffled`: all with their pixels in the same wrong order."""
    everything = data.load("mnist")
    pictures = everything["images"][part]
    return images.shuffle_pixels(pictures)[0] if shuffled else pictures, everything["labels"][part]


def train(name, seed, learned=LEARNED, tested=TEST):
    """One network of the table: itself, seconds, and accuracies on what it learned from and on the test digits."""
    build, how = NETWORKS[name]
    how = dict(how)
    shuffled = how.pop("shuffled", False)
    network = build(seed=seed)
    wall, work = time.perf_counter(), time.process_time()
    training.fit(network, *digits(learned, shuffled), seed=seed, **how)
    seconds = time.perf_counter() - wall, time.process_time() - work
    scores = [training.evaluate(network, *digits(part, shuffled))[1] for part in (learned, tested)]
    return network, seconds, scores


def shipped():
    """The weights of the recipe as float16."""
    network, seconds, scores = train("best", seed=0)
    arrays = {name: array.astype(np.float16) for name, array in builders.weights(network).items()}
    right = training.evaluate(builders.trained(arrays), *digits(TEST))[1]
    print(
        f"{seconds[0]:.0f} s by the clock, {seconds[1]:.0f} s of work; accuracy on what it learned from {scores[0]:.4f}"
    )
    print(f"accuracy on the test digits {scores[1]:.4f}, with the weights rounded to float16 {right:.4f}")
    return arrays


def runs():
    """Accuracy, seconds and parameters of every network of the table, `SEEDS` times."""
    shape = (len(NETWORKS), len(SEEDS))
    learned, tested, seconds = (np.zeros(shape, np.float32) for _ in range(3))
    parameters = np.zeros(len(NETWORKS), np.int32)
    for row, name in enumerate(NETWORKS):
        for column, seed in enumerate(SEEDS):
            network, spent, scores = train(name, seed)
            learned[row, column], tested[row, column] = scores
            # Seconds of the processor, not of the clock: other programs may run beside this one.
            seconds[row, column] = spent[1]
            parameters[row] = network.count_params()
            print(
                f"{name:14} {seed}  {parameters[row]:>10,}  {spent[1]:6.1f} s  {scores[0]:.4f}  {scores[1]:.4f}",
                flush=True,
            )
    names = np.array(list(NETWORKS))
    return {"names": names, "parameters": parameters, "seconds": seconds, "learned": learned, "tested": tested}


def choose(folds=4):
    """The recipe's errors on parts of 1 000 that it did not learn from, all of them of the 8 000."""
    for fold in range(folds):
        held = slice(1000 * fold, 1000 * (fold + 1))
        learned = np.r_[0 : held.start, held.stop : 8000]
        _network, spent, scores = train("best", fold, learned, held)
        print(f"held out {held.start} to {held.stop}: {scores[1]:.4f} in {spent[1]:.0f} s", flush=True)


MAKERS = {"lenet": shipped, "lenet-runs": runs}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*MAKERS, []], metavar="NAME", help=f"which: {', '.join(MAKERS)}")
    parser.add_argument("--choose", action="store_true", help="measure the recipe on parts held out, write nothing")
    parser.add_argument("--new", action="store_true", help="write the file and register its SHA-256")
    wanted = parser.parse_args(arguments)
    if wanted.choose:
        choose()
    for name in wanted.names:
        content = as_npz(MAKERS[name]())
        found = hashlib.sha256(content).hexdigest()
        registry = FOLDER / "registry.toml"
        text = registry.read_text(encoding="utf-8")
        entry = tomllib.loads(text)[name]
        if wanted.new:
            registry.write_text(text.replace(entry["sha256"], found), encoding="utf-8", newline="\n")
            (FOLDER / entry["file"]).write_bytes(content)
        print(f"{name}: {len(content)} bytes, SHA-256 {found}, {'registered' if wanted.new else 'not written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
