"""Some kinds of panel are opened and closed fifty times; they leave no more behind than ipywidgets' own parts do."""

import numpy as np
import pytest
from lab import until

# With several grids; with a live chart and no grid; painted on; a question.
KINDS = ["StrideBoard", "Softmax", "DrawDigit", "cell question"]
ROUNDS, COPIES = 2, 25
# ipywidgets keeps the views of what was closed. So each panel is compared with a twin: the same controls, and an empty
# box for each of the course's own components.
TWIN = """
import anywidget
def twin(widget):
    if isinstance(widget, anywidget.AnyWidget):
        return ipywidgets.Box()
    if hasattr(widget, "children"):
        return ipywidgets.VBox([twin(child) for child in widget.children])
    return widget
"""
COUNTED = ["nodes", "listeners", "maps"]


@pytest.fixture(scope="module")
def held(page):
    """How many nodes, listeners and maps (an `Outbox` of a grid has one) the page holds."""
    session = page.context.new_cdp_session(page)
    prototype = session.send("Runtime.evaluate", {"expression": "Map.prototype"})["result"]["objectId"]

    def count():
        for _time in range(3):
            session.send("HeapProfiler.collectGarbage")
        found = session.send("Memory.getDOMCounters")
        maps = session.send("Runtime.queryObjects", {"prototypeObjectId": prototype})["objects"]["objectId"]
        length = {"functionDeclaration": "function () { return this.length; }", "returnByValue": True}
        answer = session.send("Runtime.callFunctionOn", {"objectId": maps, **length})
        session.send("Runtime.releaseObject", {"objectId": maps})
        return np.array([found["nodes"], found["jsEventListeners"], answer["result"]["value"]])

    return count


@pytest.mark.parametrize("name", KINDS)
def test_a_closed_panel_is_let_go(stage, held, name):
    stage.run(TWIN)
    left = {}
    for shown in (f"panels[{name!r}]", f"twin(panels[{name!r}])"):
        stage.run(f"shown = {shown}\nshown.add_class('lesson-panel')")
        for k in range(ROUNDS + 1):
            if k == 1:
                before = held()
            stage.run(f"stage.children = {COPIES} * [shown]")
            until(lambda: stage.lesson.panels() == COPIES, seconds=30)
            stage.lesson.wait_idle()
            stage.clear()
        left[shown] = held() - before
    of_panel, of_twin = left.values()
    more = dict(zip(COUNTED, (of_panel - of_twin).tolist(), strict=True))
    # One of anything that each closed panel left behind would be fifty.
    assert max(more.values()) < ROUNDS * COPIES / 2, f"more than its twin left behind: {more}"
