"""Every panel in a real browser under random pointer and key events: no error, no kernel, no memory lost."""

import os
import re

import numpy as np
import pytest

from fire_panels import KINDS

# COURSE_EVENTS=60 is enough while one works on a panel.
EVENTS = int(os.environ.get("COURSE_EVENTS", "300"))
FIRST = EVENTS // 3
# What the last two thirds of the events may leave behind in the page: bytes of the heap, nodes, listeners. The nodes
# that the panel itself is made of at that moment do not count: a list may have more rows than before. Besides these
# the browser may still hold what the panel showed before, such as lists of 305 layers: once, and not for each event.
BYTES, NODES, LISTENERS = 3_000_000, 200, 60
OWN_NODES = """panel => {
  const walker = document.createTreeWalker(panel);
  let count = 1;
  while (walker.nextNode()) count += 1;
  return count;
}"""
# So that it can undo, a browser keeps a node for each thing typed on a page, up to a thousand. A page that has its
# thousand grows no more by typing, so what then grows is ours.
TYPED_BEFORE = """() => {
  const boxes = [0, 1].map(() => document.body.appendChild(document.createElement("input")));
  for (let k = 0; k < 2400; k += 1) {
    boxes[k % 2].focus();
    document.execCommand("selectAll");
    document.execCommand("delete");
    document.execCommand("insertText", false, "1");
  }
  boxes.forEach((box) => { box.blur(); box.style.visibility = "hidden"; });
}"""
# What reached the notebook itself would run, add or delete its cells; what is on trial are the panels. The page sees to
# it at the very moment: a panel may move, or put away what has the focus, between a question of ours and the event.
FOR_PANELS_ONLY = """() => {
  for (const kind of ["keydown", "pointerdown", "mousedown", "click", "dblclick"]) {
    addEventListener(kind, (event) => {
      if (event.target.closest?.(".lesson-panel")) return;
      event.stopImmediatePropagation();
      event.preventDefault();
    }, true);
  }
}"""
STEPS = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]
KEYS = [*STEPS, "Enter", "Escape", " ", "F2", "1", "7", "-", "0", ".", "Shift+ArrowRight", "Shift+Enter"]
# Where there is something to press, and what it is; only what can be seen.
PARTS = """panel => {
  const found = [];
  const kinds = {
    grid: "canvas", handle: ".noUi-handle", track: ".noUi-target", list: "select", box: "input[type=checkbox]",
    button: "button:not(:disabled)", number: "input[type=number]:not(:disabled)",
  };
  const tall = panel.clientHeight > 0.8 * window.innerHeight;
  panel.style.scrollMargin = "100px";
  panel.scrollIntoView({block: tall ? "start" : "center", behavior: "instant"});
  for (const [kind, selector] of Object.entries(kinds)) {
    panel.querySelectorAll(selector).forEach((part, index) => {
      const {x, y, width, height} = part.getBoundingClientRect();
      const seen = document.elementFromPoint(x + width / 2, y + height / 2);
      if (seen && (part.contains(seen) || seen.contains(part))) found.push([kind, index, x, y, width, height]);
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 1500, "height": 1500})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def lesson(stage):
    page = stage.lesson.page
    # The first time JupyterLab hears of its workspaces, some ten seconds after its start and every ten from then on, it
    # makes a list of them that nobody sees, with 133 listeners of its own.
    with page.expect_response(re.compile("/lab/api/workspaces")):
        page.evaluate(TYPED_BEFORE)
        page.evaluate(FOR_PANELS_ONLY)
    return stage.lesson


@pytest.fixture(scope="module")
def metrics(page):
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")

    def measured(times=1):
        for _time in range(times):
            session.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return [int(found[name]) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")]

    return measured


class Storm:
    """Random events on one panel; the same ones for the same seed."""

    def __init__(self, panel, seed):
        self.panel, self.page, self.chance = panel, panel.page, np.random.default_rng(seed)
        self.element = panel.root.element_handle()
        self.parts, self.old, self.largest = [], 0, 0

    def event(self):
        if self.old == 0:
            self.parts, self.old = self.element.evaluate(PARTS), 12
            self.largest = max(self.largest, self.element.evaluate(OWN_NODES))
            assert self.parts, f"nothing of it can be pressed: {self.element.bounding_box()}"
        self.old -= 1
        kind, index, x, y, width, height = self.parts[self.chance.integers(len(self.parts))]
        at = x + width * self.chance.uniform(0.05, 0.95), y + height * self.chance.uniform(0.05, 0.95)
        getattr(self, f"_{kind}")(index, at)

    def _keys(self, selector, index, keys):
        self.element.evaluate(
            "(panel, [selector, index]) => panel.querySelectorAll(selector)[index]?.focus()", [selector, index]
        )
        for key in keys:
            self.page.keyboard.press(key)

    def _some(self, keys):
        return [str(key) for key in self.chance.choice(keys, self.chance.integers(1, 4))]

    def _grid(self, index, at):
        act = self.chance.integers(6)
        if act == 0:
            self._keys(".lesson-grid-board", index, self._some(KEYS))
        elif act == 1:
            self.page.mouse.dblclick(*at)
        elif act == 2:
            self.page.mouse.move(*at)
            self.page.mouse.down()
            self.page.mouse.move(at[0] + self.chance.uniform(-90, 90), at[1] + self.chance.uniform(-90, 90), steps=3)
            self.page.mouse.up()
        elif act == 3:
            self.page.mouse.click(*at)
        else:
            self.page.mouse.move(*at)

    def _handle(self, index, at):
        self._keys(".noUi-handle", index, self._some(STEPS))

    def _track(self, _index, at):
        self.page.mouse.click(*at)

    def _list(self, index, _at):
        self.element.evaluate("""(panel, [index, share]) => {
          const list = panel.querySelectorAll("select")[index];
          if (!list || list.disabled) return;
          list.focus();
          list.selectedIndex = Math.floor(share * list.options.length);
          list.dispatchEvent(new Event("change", {bubbles: true}));
        }""", [index, float(self.chance.random())])  # fmt: skip

    def _button(self, _index, at):
        self.page.mouse.click(*at)

    _box = _button

    def _number(self, index, _at):
        keys = self._some(["1", "3", "9", "-", "Backspace", "ArrowUp", "Enter"])
        self._keys("input[type=number]", index, ["End", *keys, "Tab"])


@pytest.mark.parametrize("name", KINDS)
def test_a_storm_of_events_leaves_it_as_it_should_be(name, stage, lesson, metrics, folder):
    panel = stage.show(name)
    settled(panel, stage, name)
    storm = Storm(panel, seed=sum(map(ord, name)))
    limits = {"bytes": BYTES, "nodes": NODES, "listeners": LISTENERS}
    before = None
    for number in range(1, EVENTS + 1):
        storm.event()
        if number in (FIRST, EVENTS):
            lesson.page.keyboard.press("Escape")
            settled(panel, stage, name)
            # What the browser is only slow to throw away has not grown. The first number must not hold any of it.
            for _attempt in range(6):
                size, nodes, listeners = metrics(times=2 if before is None else 1)
                after = np.array([size, nodes - storm.element.evaluate(OWN_NODES), listeners])
                if before is None or (after - before < list(limits.values())).all():
                    break
                lesson.page.wait_for_timeout(500)
            before, grown = after, None if before is None else after - before
    stage.ask(f"oracles.check(panels[{name!r}])")
    assert lesson.errors == []
    log = (folder / "home" / "log.txt").read_text(encoding="utf-8")
    assert "Traceback" not in log, log[-3000:]
    lesson.wait_idle()
    assert lesson.panels() == lesson.page.locator(".jp-CodeCell").count() == 1
    limits["nodes"] += 2 * storm.largest
    for (what, limit), more in zip(limits.items(), grown, strict=True):
        assert more < limit, f"there are {more} {what} more than after {FIRST} events"


def settled(panel, stage, name):
    """Wait until the page says what the kernel's panel says."""
    for _attempt in range(40):
        wanted = plain(stage.ask(f"panels[{name!r}].sentence"))
        panel.page.wait_for_timeout(50)
        if plain(panel.sentence) == wanted == plain(stage.ask(f"panels[{name!r}].sentence")):
            return
        panel.page.wait_for_timeout(200)
    raise AssertionError(f"the page says {panel.sentence!r}, the kernel {wanted!r}")


def plain(text):
    return re.sub(r"\s+", " ", text)
