"""A training in a browser: watched as it runs, and stopped by its button while the cell runs."""

import lab
import nbformat

TRAINING = """
from lessons_lib import data, keras_models
digits = data.load("mnist")
x, y = digits["images"][:640, ..., None] / 255, digits["labels"][:640]
network = keras_models.lenet.linear(seed=0)
network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
live = keras_models.live(lambda: network.get_weights()[0], "weights")
history = network.fit(x, y, validation_data=(x, y), epochs=100_000, batch_size=64, callbacks=[live], verbose=0)
accuracy = network.evaluate(x, y, verbose=0)[1]
kept = abs(accuracy - max(history.history["val_accuracy"])) < 1e-6
print(live.panel.stopped, len(history.epoch) < 100_000, kept)
"""


def test_a_training_is_stopped_while_it_runs(page, address, folder):
    lab.stop_kernels(address)
    cells = [nbformat.v4.new_code_cell(TRAINING)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / "training.ipynb")
    opened = lab.Lesson(page, address, "training.ipynb")
    opened.start_all()
    page.locator(".lesson-panel").wait_for(timeout=90_000)  # TensorFlow is loaded first
    panel = opened.panel(0)
    panel.reads("of the validation pictures", seconds=40)
    assert panel.root.locator("svg[role=img]").count() == 1 and panel.grid("weights").shape() == (784, 10)
    # The cell goes on, so the page has no answer yet; `panel.button` would wait for it.
    panel.root.locator("button", has_text="Stop").click()
    panel.reads("Stopped; what was learned is kept.", seconds=20)
    opened.wait_idle()
    output = page.locator(".jp-OutputArea-output", has_text="True True True")
    output.wait_for(timeout=20_000)
    assert opened.errors == []
