"""A private JupyterLab and a lesson opened in it, as a student would: open, run all, point, type, read."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from notebooks import SECONDS_A_CELL

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# The prompts of all cells, and the first error. Asked for again and again, so by what costs no layout of the page.
PROMPTS = """() => [
  Array.from(document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt"), (prompt) => prompt.textContent.trim()),
  Array.from(document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]'), (said) => said.textContent)
    .find((text) => text.includes("Traceback")),
]"""
# Where a grid is in the page, and its rows and columns, once two frames in a row show the same.
AT_REST = """async board => {
  board.scrollIntoViewIfNeeded();
  const now = () => {
    const {x, y, width, height} = board.querySelector("canvas").getBoundingClientRect();
    return [x, y, width, height, ...board.getAttribute("aria-roledescription").match(/\\d+/g).map(Number)];
  };
  let before, found = now();
  do {
    before = found;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    found = now();
  } while (found.join() !== before.join());
  return found;
}"""
# Which messages of the page to its kernels are not dealt with yet. The status bar cannot tell: it says "Idle" also
# while a message is still on its way. Jupyter's messages are parts of bytes, after a table of where each begins.
UNANSWERED = """() => {
  const sockets = new Set();
  window.unanswered = () => Array.from(sockets).reduce((sum, ids) => sum + ids.size, 0);
  const part = (bytes, number) => {
    const table = new DataView(bytes);
    const [from, to] = [number, number + 1].map(at => Number(table.getBigUint64(8 * (at + 1), true)));
    return new TextDecoder().decode(new Uint8Array(bytes, from, to - from));
  };
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.ids = new Set();
      sockets.add(this.ids);
      this.addEventListener("close", () => sockets.delete(this.ids));
      this.addEventListener("message", ({data}) => {
        if (!(data instanceof ArrayBuffer) || JSON.parse(part(data, 1)).msg_type !== "status") return;
        if (JSON.parse(part(data, 4)).execution_state === "idle") this.ids.delete(JSON.parse(part(data, 2)).msg_id);
      });
    }
    send(data) {
      if (data instanceof ArrayBuffer && part(data, 0) === "shell") this.ids.add(JSON.parse(part(data, 1)).msg_id);
      super.send(data);
    }
  };
}"""
# Until nothing is unanswered in three frames in a row: an answer may let the next message go. In a page that is no
# JupyterLab, nothing is counted.
ANSWERED = """async seconds => {
  if (!window.unanswered) return;
  const end = performance.now() + 1000 * seconds;
  for (let calm = 0; calm < 3; calm = unanswered() ? 0 : calm + 1) {
    if (performance.now() > end) throw new Error(`${unanswered()} messages are unanswered after ${seconds} s`);
    await new Promise(requestAnimationFrame);
  }
}"""
# From now on, what the live regions of a panel say anew, in `window.announced`: one text for each change of a region.
LISTEN = """panel => {
  const live = "[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])";
  window.announced = [];
  window.hearing?.disconnect();
  window.hearing = new MutationObserver((changes) => {
    const regions = new Set(changes.map(({target}) => (target.closest ? target : target.parentElement)?.closest(live)));
    for (const region of regions) if (region) announced.push(region.textContent);
  });
  hearing.observe(panel, {subtree: true, childList: true, characterData: true});
}"""
START_SECONDS = 90


def settings(theme):
    """What a test wants of JupyterLab: no news, no autosave, every cell in the page."""
    return {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
        "@jupyterlab/apputils-extension:themes": {"theme": theme},
    }


@contextlib.contextmanager
def lab(folder, theme="JupyterLab Light"):
    """Serve the notebooks in `folder` (a copy) on a free port; yields the address."""
    home = folder / "home"
    (home / "settings").mkdir(parents=True, exist_ok=True)
    (home / "settings" / "overrides.json").write_text(json.dumps(settings(theme)), encoding="utf-8")
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
        # Else it refuses what does not come from its own page, such as the order to end a kernel.
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.extension_manager=readonly", f"--LabApp.app_settings_dir={home / 'settings'}",
        # A test may give commands that a student gives by the menu.
        "--LabApp.expose_app_in_browser=True",
        "--ServerApp.log_level=ERROR",
    ]  # fmt: skip
    with serving(command, home) as address:
        yield address


@contextlib.contextmanager
def serving(command, home):
    """Run a server of Jupyter's on a free port, with all that it keeps in `home`; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("config", "data", "runtime", "ipython", "workspaces", "user"):
        (home / name).mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "user"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    command = [*command, f"--port={port}"]
    log = open(home / "log.txt", "w")  # noqa: SIM115 (it outlives this block's setup and is closed below)
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/api/status", process, home / "log.txt")
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def _wait(url, process, log):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            try:
                urllib.request.urlopen(url, timeout=2).close()
            except urllib.error.HTTPError as answer:
                # Voila answers that it has no such page.
                answer.close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"there is no answer from {url}: {log.read_text()[-2000:]}")


def copy_notebook(name, folder):
    """Copy one lesson, such as "02-filtering", to `folder`/en, where a test may change it."""
    (folder / "en").mkdir(exist_ok=True)
    shutil.copy(ROOT / "notebooks" / "en" / f"{name}.ipynb", folder / "en")


class Lesson:
    """A notebook in a page of the browser."""

    def __init__(self, page, address, path):
        self.page = page
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)
        page.add_init_script(f"({UNANSWERED})()")
        page.goto(f"{address}/lab/tree/{path}?reset")
        page.wait_for_selector("css:light=.jp-Notebook .jp-CodeCell", timeout=60_000)
        self.wait_idle()

    def _heard(self, message):
        # JupyterLab asks for files that need not exist; only the course's own scripts are on trial.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def wait_idle(self):
        """Until the kernel rests and has dealt with all that the page asked of it."""
        self.page.wait_for_selector("css:light=#jp-main-statusbar >> text=| Idle", timeout=60_000)
        answered(self.page)

    def start_all(self):
        """Run > Run All Cells, without waiting for their end."""
        self.page.click("css:light=#jp-MainMenu >> text=Run")
        self.page.click('css:light=.lm-Menu-item[data-command="runmenu:run-all"]')
        # While outputs come, a browser looks again and again at what is now below the pointer: away with it.
        self.page.mouse.move(-1, -1)

    def run_all(self):
        """Run > Run All Cells, until every prompt has a number."""
        self.start_all()
        while_it_goes_on(self._prompts, lambda found: found and all(re.fullmatch(r"\[\d+\]:?", one) for one in found))
        self.wait_idle()

    def run_cell(self, number):
        """Run the code cell with this number, from 0, by itself once more."""
        cell = self.page.locator(".jp-CodeCell").nth(number)
        prompt = cell.locator(".jp-InputArea-prompt")
        before = prompt.inner_text()
        cell.locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+Enter")
        while_it_goes_on(prompt.inner_text, lambda now: now != before and re.fullmatch(r"\[\d+\]:?", now.strip()))
        self.wait_idle()

    def _prompts(self):
        prompts, failed = self.page.evaluate(PROMPTS)
        assert not failed, f"a cell failed: {failed[:500]}"
        return prompts

    def theme(self, name):
        """Settings > Theme: "Light" or "Dark"."""
        theme = f"JupyterLab {name}"
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        self.page.wait_for_selector(f'css:light=body[data-jp-theme-name="{theme}"]', state="attached")

    def panels(self):
        """How many panels are on the page."""
        return self.page.locator("css:light=.lesson-panel").count()

    def panel(self, number):
        """The panel with this number, from 0, scrolled into view."""
        found = PanelOnPage(self, self.page.locator("css:light=.lesson-panel").nth(number))
        found.root.wait_for(timeout=20_000)
        found.root.scroll_into_view_if_needed()
        return found


class PanelOnPage:
    """One panel: its sentence, its controls and its grids."""

    def __init__(self, lesson, root):
        self.lesson, self.page, self.root = lesson, lesson.page, root

    @property
    def sentence(self):
        return self.root.locator(".lesson-sentence [role=status]").inner_text()

    def reads(self, *texts, seconds=10):
        """Wait until the sentence contains all of `texts`; returns it."""
        until(
            lambda: all(text in self.sentence for text in texts), seconds,
            lambda: f"the sentence is {self.sentence!r} and does not come to contain {texts}",
        )  # fmt: skip
        return self.sentence

    def after(self, act, seconds=10):
        """Do something and wait until the sentence has changed; returns the new sentence."""
        before = self.sentence
        act()
        until(lambda: self.sentence != before, seconds, lambda: f"the sentence did not change from {before!r}")
        return self.sentence

    def announced(self, act):
        """Do something and return what a screen reader announces then: the text of each live region that changed."""
        answered(self.page)
        self.root.evaluate(LISTEN)
        act()
        answered(self.page)
        return self.page.evaluate("announced")

    def grid(self, label):
        """The grid whose title begins with `label`."""
        title = re.compile(rf"^\s*{re.escape(label)}")
        root = self.root.locator(".lesson-grid").filter(has=self.page.locator(".lesson-grid-title", has_text=title))
        return GridOnPage(self.page, root.first)

    def grids(self):
        """All grids, in the order of the page."""
        return [GridOnPage(self.page, root) for root in self.root.locator(".lesson-grid").all()]

    def slider(self, number=0):
        """The handle of a slider; focus it and press the arrow keys."""
        answered(self.page)
        return self.root.locator(".noUi-handle").nth(number)

    def press_slider(self, key, number=0):
        """Move a slider by the keyboard."""
        self.slider(number).focus()
        self.page.keyboard.press(key)

    def click_slider(self, number, share):
        """Press on the track of a slider, at a share of its length, once it has come to rest on the page."""
        answered(self.page)
        track = self.root.locator(".noUi-target").nth(number)
        track.scroll_into_view_if_needed()
        # While it glides to the last place pressed on, a slider does not listen.
        until(lambda: "noUi-state-tap" not in track.get_attribute("class"))
        box = track.bounding_box()
        track.click(position={"x": share * box["width"], "y": box["height"] / 2})

    def dropdown(self, number=0):
        """A drop-down list; `select_option("name")` chooses."""
        answered(self.page)
        return self.root.locator("select").nth(number)

    def box(self, number=0):
        """A box to tick."""
        answered(self.page)
        return self.root.locator("input[type=checkbox]").nth(number)

    def button(self, text):
        """A button by the text on it."""
        answered(self.page)
        return self.root.locator("button", has_text=text).first

    def move_every_control(self):
        """Move each slider, list, box and switch that is seen by keys and by pointer; each has to answer to both."""
        self.lesson.wait_idle()
        for number, handle in self._seen(".noUi-handle"):
            now, low, high = (float(handle.get_attribute(f"aria-value{end}")) for end in ("now", "min", "max"))
            # Its text: the number is cut to one digit after the point.
            self._moves(
                handle, "aria-valuetext", self.press_slider, "ArrowLeft" if now == high else "ArrowRight", number
            )
            # Farther away first: a press on the handle itself moves nothing.
            for share in (0.1, 0.9) if now > (low + high) / 2 else (0.9, 0.1):
                self._moves(handle, "aria-valuetext", self.click_slider, number, share)
        for _number, chosen in self._seen("select"):
            last = chosen.evaluate("s => s.selectedIndex == s.length - 1")
            self._moves(chosen, "index", self._key, chosen, "ArrowUp" if last else "ArrowDown")
            # The list that opens is the system's own, and no part of the page.
            other = chosen.evaluate("s => s.selectedIndex == 0 ? 1 : 0")
            self._moves(chosen, "index", lambda chosen=chosen, other=other: chosen.select_option(index=other))
        for _number, box in self._seen("input[type=checkbox]"):
            self._moves(box, "checked", self._key, box, "Space")
            self._moves(box, "checked", box.click)
        for _number, group in self._seen(".widget-toggle-buttons"):
            switches = group.locator("button").all()
            former = next(switch for switch in switches if "mod-active" in switch.get_attribute("class"))
            for switch in switches:
                if switch is not former:
                    self._moves(switch, "class", self._key, switch, "Enter")
                    self._moves(switch, "class", former.click)

    def _seen(self, selector):
        """Those that are there when their turn comes, each with its number among all: a panel may hide some."""
        return ((number, part) for number, part in enumerate(self.root.locator(selector).all()) if part.is_visible())

    def _key(self, control, key):
        control.focus()
        self.page.keyboard.press(key)

    def _moves(self, control, what, act, *arguments):
        """Act, and wait until the control has another value."""
        now = {
            "index": lambda: control.evaluate("s => s.selectedIndex"),
            "checked": control.is_checked,
        }.get(what, lambda: control.get_attribute(what))
        before = now()
        act(*arguments)
        until(lambda: now() != before)
        # A panel may answer by moving another control, or putting one in its place.
        self.lesson.wait_idle()


def while_it_goes_on(state, done):
    """Ask for a state until it is `done`; give up when it has not changed for `SECONDS_A_CELL`."""
    last, end = None, 0
    while not done(now := state()):
        if now != last:
            last, end = now, time.monotonic() + SECONDS_A_CELL
        assert time.monotonic() < end, f"for {SECONDS_A_CELL} s it has been {now}"
        time.sleep(0.2)


def answered(page):
    """Wait until the page has dealt with all that it asked of its kernels: what follows may depend on it."""
    page.evaluate(ANSWERED, 60)


def until(condition, seconds=10, otherwise=lambda: "it did not happen in time"):
    """Wait until a condition is true; `otherwise` says what is the case instead."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, otherwise()
        time.sleep(0.02)


class GridOnPage:
    """One grid of numbers on the page."""

    def __init__(self, page, root):
        self.page, self.root = page, root
        self.board = root.locator(".lesson-grid-board")

    @property
    def state(self):
        return self.root.locator(".lesson-grid-state").inner_text()

    def says(self, text, seconds=10):
        """Wait until the line below the grid begins with `text`."""
        otherwise = f"does not come to begin with {text!r}"
        until(lambda: self.state.startswith(text), seconds, lambda: f"the line is {self.state!r} and {otherwise}")

    @property
    def title(self):
        return self.root.locator(".lesson-grid-title").inner_text()

    def description(self):
        """What a screen reader says of the grid when it gets the focus, after its label."""
        script = """board => board.getAttribute("aria-describedby").split(" ")
            .map(id => document.getElementById(id).textContent).join("")"""
        return self.board.evaluate(script)

    def shape(self):
        """Rows and columns, as a screen reader is told."""
        return tuple(int(side) for side in re.findall(r"\d+", self.board.get_attribute("aria-roledescription")))

    def place(self, row, column):
        """The middle of a cell, in pixels of the page."""
        answered(self.page)
        return self._place(row, column)[:2]

    def _place(self, row, column):
        x, y, width, height, rows, columns = self.board.evaluate(AT_REST)
        left, top = (30, 24) if self._numbered(width, height, rows, columns) else (4, 4)
        cell = (width - left - 4) / columns
        return x + left + (column + 0.5) * cell, y + top + (row + 0.5) * cell, x, y

    def colour(self, row, column):
        """The colour on the screen in the middle of a cell: red, green, blue."""
        x, y, left, top = self._place(row, column)
        script = """(canvas, [x, y]) => {
            const [across, down] = [canvas.width / canvas.clientWidth, canvas.height / canvas.clientHeight];
            const pixel = canvas.getContext("2d").getImageData(Math.floor(x * across), Math.floor(y * down), 1, 1);
            return Array.from(pixel.data.slice(0, 3));
        }"""
        return self.board.locator("canvas").evaluate(script, [x - left, y - top])

    @staticmethod
    def _numbered(width, height, rows, columns):
        # Cells are square, which tells whether row and column numbers stand left of and above them.
        plain = abs((width - 8) / columns - (height - 8) / rows)
        with_numbers = abs((width - 34) / columns - (height - 28) / rows)
        return with_numbers < plain

    def hover(self, row, column):
        """Move the pointer over a cell."""
        self.page.mouse.move(*self.place(row, column))

    def press(self, row, column):
        """Click a cell."""
        self.page.mouse.click(*self.place(row, column))

    def drag(self, *cells):
        """Press on the first cell, move over the others, release."""
        self.page.mouse.move(*self.place(*cells[0]))
        self.page.mouse.down()
        for row, column in cells[1:]:
            self.page.mouse.move(*self._place(row, column)[:2], steps=4)
        self.page.mouse.up()

    def keys(self, *names):
        """Focus the grid and press keys."""
        answered(self.page)
        self.board.focus()
        for name in names:
            self.page.keyboard.press(name)

    def type(self, row, column, text):
        """Click a cell, type into it, press Enter."""
        self.press(row, column)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


def stop_kernels(address):
    """End every running kernel: the next test starts with none, and its memory is free."""
    with urllib.request.urlopen(f"{address}/api/sessions", timeout=10) as answer:
        sessions = json.load(answer)
    for session in sessions:
        request = urllib.request.Request(f"{address}/api/sessions/{session['id']}", method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()
