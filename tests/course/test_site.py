"""What the build of the pages decides: which cells a page keeps as saved, what it takes of python.wasm, its links."""

import re

import pytest

import notebooks
from gates.lesson_file import Lesson
from web import pages, wasm

# The cells that need Keras or scikit-image; all others run on a page.
KEPT = {
    "04-geometry": "compare-with-keras",
    "06-lenet": "keras example task-build training after-training test confusion gallery pushed maps "
    "centred draw-own pooled-network pooled taught task-broken three-seeds",
    "07-architectures": "keras alexnet-features alexnet vgg-drawn task-vgg vgg-16 task-residual zero-weights "
    "deep train-8 two-modes plain task-train twins hog",
    "08-transfer": "scratch base task-add-head transfer-fit random same-end folder task-own-network clothes-head "
    "task-fine-tune tune",
    "01-bytes": "orange",
    "06-adversarial": "gradients attack attacked",
    "06-lenet-1998": "keras layers seen-by",
    "07-layer-table": "keras vgg-versions costs branches googlenet-twice lists zoo",
    "07-normalisation": "keras resnet-50",
    "07-seven-more": "keras nin-shapes squeezenet-counted stochastic-depth wide resnext dense fractal-columns",
    "08-lecture-recipe": "keras resnet-50 build fit test negative moon",
}
LESSONS = notebooks.lessons()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_cells_that_a_page_keeps_are_known(path):
    code = Lesson(path).code
    runs = pages.runs(code)
    assert [cell.id for cell in code if cell.id not in runs] == KEPT.get(path.stem, "").split()


@pytest.mark.parametrize(
    ("cells", "run"),
    [
        (["import keras", "x = keras.ops", "y = x", "x = 1\ny = 2", "y"], "34"),
        (["from lessons_lib import data, keras_models", "data.load('camera')", "keras_models.live()"], "01"),
        (["import numpy as np", "def f():\n    from keras import layers\n    return layers", "f()"], "0"),
        (["if needs(\"keras\", 'x'):\n    x = 1", "x"], ""),
        (["from keras import layers as x", "[x for x in (1, 2)]\ndef f(x): return x", "def f(): return x", "f()"], "1"),
        (["f = lambda keras_like: keras_like", "print('keras')"], "01"),
    ],
)
def test_a_page_runs_what_needs_no_keras(cells, run):
    made = [type("Cell", (), {"id": str(number), "source": source}) for number, source in enumerate(cells)]
    assert "".join(pages.runs(made)) == run
    assert "keras_models" not in pages.runs(made).get("0", "")


def test_another_binary_is_refused():
    with pytest.raises(ValueError, match="not the one"):
        wasm.cut(b"\0asm\1\0\0\0")


def test_a_page_links_pages():
    links = "[a](02-borders.ipynb) [b](../01-images.ipynb#The-grid) [c](https://example.org/x.ipynb) `[d](e.ipynb)`"
    page = pages.markdown(f"{links} and $x$, `$y$`", iter(["<b>formula</b>"]))
    found = re.findall(r'href="([^"]*)"', page)
    assert found == ["../02-borders/", "../../01-images/#The-grid", "https://example.org/x.ipynb"]
    assert "<b>formula</b>" in page and "$y$" in page
