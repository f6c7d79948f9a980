"""A notebook of one cell, in which one panel at a time is shown, and a second way into its kernel."""

import json

from jupyter_client import BlockingKernelClient
from lab import ROOT, until

from fire_panels import KINDS

# Above and below the panel is room, so that it can be scrolled to the middle.
BEGIN = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import fire_panels, ipywidgets, oracles
panels = {{name: fire_panels.make(name) for name in {list(KINDS)!r}}} | fire_panels.questions()
stage = ipywidgets.VBox(layout={{"padding": "1500px 0"}})
stage
"""


class Stage:
    """Shows one panel after the other; all are made once, in one kernel."""

    def __init__(self, lesson, runtime):
        self.lesson = lesson
        newest = max(runtime.glob("kernel-*.json"), key=lambda path: path.stat().st_mtime)
        self.kernel = BlockingKernelClient(connection_file=str(newest))
        self.kernel.load_connection_file()
        self.kernel.start_channels()
        self.kernel.wait_for_ready(timeout=30)

    def run(self, code):
        """Run code in the kernel."""
        reply = self.kernel.execute(code, reply=True, timeout=60)["content"]
        assert reply["status"] == "ok", reply

    def show(self, name):
        """Put the panel of this name on the page."""
        self.clear()
        self.run(f"stage.children = [panels[{name!r}]]")
        return self.lesson.panel(0)

    def clear(self):
        """Take away what is on the page."""
        self.run("stage.children = []")
        until(lambda: self.lesson.panels() == 0)

    def ask(self, expression):
        """The value of an expression in the kernel, by JSON."""
        asked = {"it": f"__import__('json').dumps({expression})"}
        reply = self.kernel.execute("", silent=True, user_expressions=asked, reply=True, timeout=60)
        answer = reply["content"]["user_expressions"]["it"]
        assert answer["status"] == "ok", answer
        return json.loads(eval(answer["data"]["text/plain"]))
