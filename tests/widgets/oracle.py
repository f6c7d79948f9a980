"""A training as it goes: the numbers it was told, averaged again."""

import math


def Live(panel, said):  # noqa: N802
    heard = panel.heard
    if not heard["accuracy"]:
        said.says("Nothing is being trained yet; {} steps are done.", 0)
        return
    done, epochs, steps = len(heard["accuracy"]), heard["epochs"], heard["steps"]
    last = heard["accuracy"][-50:]
    text = "Step {} of {} (epoch {} of {}): {} right in the last {} steps"
    said.says(text, done, epochs * steps, math.ceil(done / steps), epochs, math.fsum(last) / len(last), len(last))
    if heard["held"]:
        said.says(", {} of the validation pictures", heard["held"][-1])
    if heard["ended"] and done == epochs * steps:
        said.says(". Done.")
    elif heard["ended"]:
        said.says(". Stopped; what was learned is kept.")
    # Between the press on the button and the end of the step that training is in, either may be read.
    elif not (panel.stopped and said.reads("Stopped; what was learned is kept")):
        assert said.may_say("About {} s to go.")[0] >= 0
    assert panel.bar.value == done / (epochs * steps)
