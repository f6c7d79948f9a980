"""The banks of predictions: each has a right answer that is computed, and a misconception behind every wrong one."""

import importlib
import subprocess
import sys

import numpy as np
import pytest

import notebooks
from lessons_lib import filtering, lenet, matching
from lessons_lib.core.question import Cells

SLUGS = [path.stem[3:] for path in notebooks.lessons("en") if path.parent.name != "further"]
BANKS = {slug: importlib.import_module(f"lessons_lib.{slug}.questions") for slug in SLUGS}
LISTS = {slug: [*bank.bank(), *getattr(bank, "recall", list)()] for slug, bank in BANKS.items()}
QUESTIONS = {f"{slug}/{question.id}": question for slug, some in LISTS.items() for question in some}
# What the right answer is when something else is given, by the arguments of `right`.
CHANGED = {
    "images/yellow-swapped": [({"swap": np.array}, "yellow"), ({"swap": lambda colours: colours[[0, 2, 1]]}, "violet")],
    "images/twice-the-side": [({"count": lambda inputs, units: inputs + units}, "4")],
    "images/two-classifiers": [({"seed": 1}, "few"), ({"move": lambda digits: digits[:, ::-1] * 0}, "most")],
    "images/largest-sum-moved": [({"rows": 0}, "stays"), ({"rows": -3}, "higher"), ({"rows": 20}, "smaller")],
    "images/kernels-shuffled": [
        ({"move": np.array}, "same"),
        ({"move": lambda digits: np.random.default_rng(0).random(digits.shape)}, "guess"),
    ],
    "images/row-column": [({"read": lambda portrait: portrait.T[3, 8]}, "column")],
    "images/kernels-200": [({"kernels": 1}, "25"), ({"kernel": 200}, "4000000")],
    "images/shuffle": [({"test_seed": 2}, "guess")],
    "filtering/still-90": [({"name": "portrait"}, 0)],
    "filtering/single-one": [({"name": "mean"}, "blurred"), ({"name": "identity"}, "same")],
    "filtering/noise-left": [({"side": 1}, "20"), ({"side": 9}, "2")],
    "filtering/wrap": [({"dtype": np.int64}, "-90")],
    "filtering/coin": [({"name": "sobel-down"}, "sides")],
    "filtering/sum-zero": [({"name": "mean"}, "90")],
    "filtering/ten-filters": [({"times": 5}, "502"), ({"times": 15}, "482")],
    "filtering/zeros-inside": [({"layers": 1}, "676"), ({"layers": 5}, "324"), ({"layers": 14}, "0")],
    "filtering/single-pixel": [({"operation": filtering.convolve}, "same")],
    "matching/moved-x": [({"columns": 0}, "81")],
    "matching/best-of-the-o": [({"feature": "small X"}, "some")],
    "matching/nine-numbers": [({"feature": "diagonal"}, "fewer")],
    "matching/two-filters": [({"between": matching.relu}, "no")],
    "matching/two-kernels": [({"between": matching.relu}, "no")],
    "matching/nudge": [({"letter": "O"}, "all")],
    "matching/rate": [({"scale": 3}, "0.01")],
    "images/clip-too-late": [({"dtype": int}, "255")],
    "images/photo-against-digit": [({"name": "CIFAR-10"}, "16")],
    "matching/coat-edge": [({"edge": ((1,) * 4,) * 2 + ((0,) * 4,) * 2}, "top"), ({"edge": ((0, 0, 1, 1),)}, "right")],
    "matching/white-seven": [({"sign": 1}, "9"), ({"sign": 0}, "3")],
    "geometry/three-windows": [({"layers": 2}, "5"), ({"layers": 4}, "9")],
    "geometry/left-over": [({"padding": 0}, "photo"), ({"pixels": 227, "padding": 0}, "nothing")],
    "geometry/never-read": [({"stride": 1}, "0")],
    "geometry/corner": [({"padding": 0}, "1"), ({"padding": 2}, "9")],
    "geometry/maps": [({"kernels": 3}, "3"), ({"kernels": 30}, "30")],
    "geometry/most-work": [
        ({"sides": (500, 50, 28, 14, 7)}, "first"),
        ({"sides": (28, 28, 14, 14, 28)}, "fifth"),
        ({"sides": (1,) * 5}, "end"),
    ],
    "geometry/half-the-side": [({"kernels": 64}, "quarter")],
    "geometry/larger-picture": [({"kernels": 100}, "ten"), ({"kernels": 1000}, "hundred")],
    "geometry/places-28": [({"window": 3}, 26)],
    "pooling/moving-dot": [({"size": 1}, "0")],
    "pooling/ten-more": [({"change": np.multiply}, "sharper"), ({"change": lambda z, ten: np.divide(z, ten)}, "equal")],
    "pooling/sure-and-wrong": [({"wrong": 0.01}, "b")],
    "pooling/small-neighbour": [({"window": (3, 1, 4, 8)}, "1"), ({"window": (8, 8, 8, 8)}, "4")],
    "pooling/most-moved": [({"moved": 0}, "maps")],
    "pooling/kernels-moved": [({"rate": 0}, "more")],
    "pooling/rate-1-2": [({"rate": 0.2}, "smaller"), ({"rate": 0.7}, "gone"), ({"rate": 1.5}, "grow")],
    "pooling/moved-or-other": [({"size": 2, "stride": 2}, "same")],
    "pooling/shuffled-dense": [({"each": True}, "lower")],
    "pooling/first-to-learn": [({"rate": 0.5}, "tanh")],
    "pooling/pooled-volume": [({"depth": 1}, "1"), ({"depth": 10}, "10")],
    "pooling/pooled-55": [({"stride": 3}, 18), ({"stride": 1}, 53)],
    "lenet/first-epoch": [({"name": "linear", "column": "wrong"}, "300")],
    "lenet/pushed": [({"name": "pooled"}, "200")],
    "lenet/maps-moved": [({"rows": 0}, "same"), ({"rows": 2}, "other")],
    "lenet/pooled": [({"name": "linear"}, "many")],
    "lenet/no-relu": [({"name": "linear"}, "like-linear")],
    "architectures/deeper": [
        ({"ends": np.array([[0.5, 0.6], [0.9, 0.8]])}, "deep"),
        ({"ends": np.array([[0.5, 0.8], [0.6, 0.7]])}, "equal"),
    ],
    "architectures/zero-weights": [({"shortcut": False}, "zeros")],
    "architectures/evaluated": [({"which": 0}, "seven")],
    "architectures/parameters-152": [({"name": "VGG-16"}, "140")],
    "architectures/five-more": [
        ({"small": "AlexNet, on one GPU"}, "double"),
    ],
    "architectures/blocks-stay": [({"last": 0}, "27"), ({"last": 1}, "53")],
    "architectures/rms-after-30": [({"variance": 2}, "same"), ({"variance": 1.6}, "thirtieth")],
    "architectures/rms-of-sums": [({"norm": True}, "thirty")],
    "lenet/untrained": [({"classes": 2}, "500")],
    "lenet/same-parameters": [({"name": "relu"}, "1.6"), ({"name": "linear"}, "8")],
    "lenet/still-learning": [({"name": "relu"}, "0.01")],
    "lenet/small-seven": [({"prepare": lenet.centre}, "320")],
    "lenet/top-covered": [({"top": 23}, "9")],
    "lenet/luckiest": [({"skill": 0.991}, "1982")],
    "architectures/alexnet-parameters": [({"network": "Network in network"}, "conv")],
    "architectures/bottleneck": [({"kernels": (1, 200, 1, 200, 1, 1)}, "less")],
    "transfer/divided-by-255": [({"divide": lambda pixels: pixels}, "nonsense")],
    "transfer/random-base": [({"method": "frozen"}, "as-pretrained"), ({"method": "start"}, "between")],
    "transfer/same-end": [({"method": "scratch"}, "third"), ({"method": "frozen-means"}, "none")],
    "transfer/larger-clothes": [({"side": 48}, "same")],
    "transfer/ten-times-the-rate": [({"method": "all"}, "better"), ({"method": "norms"}, "less")],
    "transfer/two-zoos": [({"column": "top-1 again"}, "0.5")],
    "transfer/heat-of-espresso": [({"columns": slice(0, 7)}, "all"), ({"columns": slice(0, 4)}, "half")],
    "transfer/early-cut": [({"task": "textures", "count": 10}, "end"), ({"task": "textures", "count": 200}, "same")],
    "transfer/two-heads": [({"large": "scratch"}, "small"), ({"small": "scratch-means"}, "large")],
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_wrong_answer_is_explained(name):
    question = QUESTIONS[name]
    right, answers = question.right(), question.answers
    assert question.id.isascii() and answers.same(answers.read(right), right)
    wrong = set(question.misconceptions)
    if isinstance(answers, dict):
        assert 2 <= len(answers) <= 5 and wrong == set(answers) - {right}
    else:
        # The others have a sentence too, and at least one misconception is known.
        assert None in wrong and len(wrong) > 1 and not any(answers.same(one, right) for one in wrong - {None})
        assert not isinstance(answers, Cells) or all(answers.read(one) for one in wrong - {None})
    sentences = [question.misconceptions[one] for one in wrong]
    assert all(sentences) and len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_right_answer_is_computed(name):
    question = QUESTIONS[name]
    assert CHANGED.get(name), f"add to CHANGED what else may be given to `right` of {name}, and what is right then"
    for other, answer in CHANGED[name]:
        assert question.right(**other) == answer != question.right()
        assert question.answers.read(answer) == answer


def test_an_id_has_one_question():
    assert len(QUESTIONS) == sum(map(len, LISTS.values())) >= 2 * len(BANKS)


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if hasattr(BANKS[slug], "WARM_UP")])
def test_a_warm_up_asks_three_questions_of_earlier_lessons(slug):
    asked = BANKS[slug].WARM_UP
    assert len(set(asked)) == 3 and set(asked) <= set(QUESTIONS)
    assert all(SLUGS.index(one.split("/")[0]) < SLUGS.index(slug) for one in asked)
    assert len(BANKS[slug].warm_up().children) == 3


def test_a_bank_is_imported_without_what_shows_it():
    code = "import sys\n" + "\n".join(f"import lessons_lib.{slug}.questions" for slug in SLUGS)
    code += "\nprint({'ipywidgets', 'anywidget', 'matplotlib', 'IPython'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=notebooks.ROOT)
    assert done.stdout.strip() == "set()"
