"""The course's pages in Chromium, as `make site` builds them: text, panels that live, and what can go wrong."""

import gzip
import html
import json
import re
from urllib.parse import unquote, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe

import doctests_in_wasm
import notebooks
from formatting import read
from gates import lesson_form

make_site = pytest.importorskip("make_site", reason="there is no Node for this machine", exc_type=ImportError)
pages = make_site.pages
ROOT, SITE = notebooks.ROOT, make_site.SITE
LESSON, PANEL = "en/02-filtering/", "window-panel"
SLOW = 120_000  # milliseconds, on a busy machine
PAGES = {pages.address(path): path for path in notebooks.lessons("en")}


class SaysGzip(make_site.Handler):
    """A host that says of packed files that they are packed on the way, as some do."""

    def end_headers(self):
        if self.path.endswith(".gz"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()


@pytest.fixture(scope="module")
def site():
    sources = [path for folder in ("web", "tools", "lessons_lib", "notebooks") for path in (ROOT / folder).rglob("*.*")]
    newest = max(path.stat().st_mtime for path in sources if "node_modules" not in path.parts and path.suffix != ".pyc")
    if not (SITE / "index.html").exists() or (SITE / "index.html").stat().st_mtime < newest:
        make_site.build()
    with make_site.host() as address:
        yield address


class Page:
    """A page, what it asked of the network, and what it said in the console."""

    def __init__(self, page, site):
        self.page, self.site, self.asked, self.errors = page, site, [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def open(self, address=LESSON):
        self.page.goto(self.site + address)
        return self

    def live(self, name=PANEL):
        return self.page.locator(f"#{name}")

    def wake(self, name=PANEL, press=lambda button: button.click()):
        """Touch a panel, and wait until it lives or says why not: its sentence, or the words beside the button."""
        live = self.live(name)
        press(live.locator(".touch"))
        done = """id => {
          const [touch, said] = ["touch", "said"].map(name => document.querySelector(`#${id} .${name}`));
          return !touch.disabled && (said.textContent || document.querySelector(`#${id}.alive`));
        }"""
        self.page.wait_for_function(done, arg=name, timeout=SLOW)
        return self.sentence(name) or live.locator(".said").inner_text()

    def sentence(self, name=PANEL):
        return " ".join(self.live(name).locator(".lesson-sentence").all_inner_texts()).strip()


@pytest.fixture
def opened(browser, site):
    """Make a page; its size, its colours and so on may be given."""
    contexts = []

    def make(at=site, **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 1000}} | options))
        contexts.append(context)
        return Page(context.new_page(), at)

    yield make
    for context in contexts:
        context.close()


def saved(path):
    """The sentence of each panel of a notebook, as it was saved."""
    live = pages.runs([cell for cell in read(path).cells if cell.cell_type == "code"])
    found = {}
    for cell in read(path).cells:
        if cell.cell_type == "code" and cell.id in live and lesson_form.kind(cell) in ("panel", "game"):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    found[cell.id] = " ".join(output.data["text/plain"].split())
    return found


@pytest.mark.parametrize("address", PAGES)
def test_every_panel_says_what_the_notebook_says(opened, address):
    """And asks its own host only; nothing of Python before the first touch."""
    page, wanted = opened().open(f"{address}/"), saved(PAGES[address])
    page.page.wait_for_load_state("networkidle")
    assert not [url for url in page.asked if "engine/" in url and not url.endswith(("page.js", "style.css", ".woff2"))]
    names = page.page.locator(".live").evaluate_all("all => all.map(live => live.id)")
    assert set(wanted) <= set(names)
    if names:
        page.wake(names[-1])
        assert page.page.locator(".said").all_inner_texts() == [""] * len(names)
        # The widgets of the cells above may come a moment later.
        page.page.locator(".live:not(.alive)").first.wait_for(state="detached", timeout=SLOW)
        assert {name: " ".join(page.sentence(name).split()) for name in wanted} == wanted
    assert {urlparse(url).netloc for url in page.asked if not url.startswith(("data:", "blob:"))} == {
        urlparse(page.site).netloc
    }
    assert not page.errors


def test_the_doctests_pass_in_wasm(opened):
    wrong, right = doctests_in_wasm.run(opened().open().page)
    assert not wrong
    assert right > 400


# Hands


def changes(page, sentence):
    said = "old => document.querySelector('#window-panel .lesson-sentence').innerText.trim() !== old"
    page.page.wait_for_function(said, arg=sentence)


def test_a_panel_by_pointer_and_keys(opened):
    page = opened().open()
    first = page.wake(press=lambda button: button.press("Enter"))
    assert page.live().locator(".here").evaluate("here => here.contains(document.activeElement)")
    page.page.keyboard.press("Enter")
    changes(page, first)
    kernel = page.live().locator("canvas").nth(1)
    kernel.scroll_into_view_if_needed()
    box = kernel.bounding_box()
    page.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.live().get_by_text("row 1, column 1: 1/9").first.wait_for()


def test_a_panel_by_touch_on_a_phone(opened):
    page = opened(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).open()
    first = page.wake(press=lambda button: button.tap())
    page.live().get_by_role("button", name="Next").tap()
    changes(page, first)


# What can go wrong


def test_a_file_that_does_not_arrive_can_be_asked_for_again(opened):
    page = opened().open()
    page.page.route("**/python-*", lambda route: route.abort())
    assert "python-" in (said := page.wake()) and "did not arrive" in said and "Try again" in said
    assert page.live().locator(".still img").is_visible()
    page.page.unroute("**/python-*")
    assert "9 pixels of 0" in page.wake()


@pytest.mark.parametrize(
    ("code", "words"),
    [("import os\nos.abort()", "unreachable"), ("1 / 0", "ZeroDivisionError"), ("", "SHA-256")],
    ids=["a trap", "an error of a cell", "a wrong hash"],
)
def test_what_fails_says_so_and_leaves_the_picture(opened, code, words):
    page = opened()
    if code:
        page.page.route(f"**/{LESSON}", lambda route: route.fulfill(body=changed(code), content_type="text/html"))
    else:
        page.page.route("**/camera-*.png", lambda route: route.fulfill(body=(SITE / "engine/page.js").read_bytes()))
    said = page.open().wake()
    assert words in said, said
    assert page.live().locator(".still img").is_visible()
    assert page.live().locator(".touch").inner_text() == "Try again"


def changed(code):
    """The lesson's page, whose first cell is this code."""
    head, mark, rest = (SITE / LESSON / "index.html").read_text(encoding="utf-8").partition('type="application/json">')
    cells, end, tail = rest.partition("</script>")
    cells = [{"id": "first", "code": code}, *json.loads(cells)[1:]]
    return head + mark + json.dumps(cells).replace("<", "\\u003c") + end + tail


def test_an_old_browser_keeps_the_picture(opened):
    page = opened()
    page.page.add_init_script("WebAssembly.validate = () => false")
    assert "too old" in page.open().wake()


def test_what_is_loaded_is_said_in_megabytes(opened):
    page, held = opened().open(), []
    page.page.route("**/library-*", lambda route: held.append(route))
    page.live().locator(".touch").click()
    page.live().locator(".load", has_text=re.compile(r"once: \d+ of 18 MB")).wait_for(timeout=SLOW)
    held[0].continue_()
    page.live().locator(".lesson-sentence").first.wait_for(timeout=SLOW)
    assert not page.live().locator(".load").is_visible()


def test_a_host_that_says_gzip(opened, site):
    with make_site.host(SaysGzip) as other:
        assert "9 pixels of 0" in opened(at=other).open().wake()


# Another engine: it answers any cell by one label, and makes it say what the page sends.
FAKE = """
const text = new TextEncoder();
const frame = (kind, content) => {
  const head = text.encode(JSON.stringify([kind, content, [], ""])), all = new Uint8Array(4 + head.length);
  new DataView(all.buffer).setUint32(0, head.length, true);
  all.set(head, 4);
  postMessage({ frame: all.buffer });
};
const open = (id, module, name, more) => frame("comm_open", {
  comm_id: id, target_name: "jupyter.widget", metadata: { version: "2.1.0" },
  data: { state: { _model_module: module, _model_name: name + "Model", _view_module: module, _view_name: name + "View",
    _model_module_version: "2.0.0", _view_module_version: "2.0.0", ...more }, buffer_paths: [] } });
onmessage = ({ data }) => {
  if (data.start) return postMessage({ ready: true });
  const length = new DataView(data.frame).getUint32(0, true);
  const [kind, { id, show }, , number] = JSON.parse(new TextDecoder().decode(new Uint8Array(data.frame, 4, length)));
  if (show) {
    open(id + "-layout", "@jupyter-widgets/base", "Layout", {});
    const layout = `IPY_MODEL_${id}-layout`;
    open(id, "@jupyter-widgets/controls", "HTML", { _dom_classes: [], value: `the cell ${id}`, layout });
    frame("shown", { cell: id, model: id });
  }
  frame("idle", { number });
};
"""


def test_another_engine_needs_four_messages_only(opened):
    page = opened()
    page.page.route("**/engine.js", lambda route: route.fulfill(body=FAKE, content_type="text/javascript"))
    page.open().wake()
    assert page.live().locator(".here").inner_text() == f"the cell {PANEL}"
    assert not [url for url in page.asked if url.endswith(".gz")] and not page.errors


# Reading


def test_a_page_is_read_without_scripts(opened):
    page = opened(java_script_enabled=False).open()
    assert page.live().locator(".still img").is_visible() and not page.live().locator(".touch").is_visible()
    assert page.page.get_by_role("heading", level=1).is_visible()
    assert "in JupyterLab" in page.page.locator(".task .note").first.inner_text()
    page.page.emulate_media(media="print")
    assert not page.page.get_by_role("navigation").is_visible()
    kept = page.open("en/04-geometry/").page.locator(".code .note").all_inner_texts()
    assert kept == ["Saved output: this cell needs Keras, or another package that a page has not."]


def test_no_page_asks_another_host(opened):
    violated = """new Promise(done => {
      document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
      fetch("https://example.org/").then(() => done("went"), () => setTimeout(done, 1000, "no rule"));
    })"""
    page = opened().open()
    assert page.page.evaluate(violated) == "connect-src"


def target(path, link):
    """The file and the id in it that a link of a page leads to."""
    url = urlparse(html.unescape(link))
    file = path.parent / unquote(url.path) if url.path else path
    return file / "index.html" if link.split("#")[0].endswith("/") else file, unquote(url.fragment)


def test_every_link_leads_somewhere_and_every_picture_has_its_words(site):
    texts = {path.resolve(): path.read_text(encoding="utf-8") for path in SITE.rglob("index.html")}
    ids = {path: re.findall(r"""\bid=(["'])(.*?)\1""", text) for path, text in texts.items()}
    assert len(texts) == len(PAGES) + 1
    for path, text in texts.items():
        for link in re.findall(r'<[^<>]* (?:href|src)="([^"]+)"', text):
            if not urlparse(link).scheme:
                file, name = target(path, link)
                assert file.is_file(), (path, link)
                assert not name or name in [html.unescape(one) for _quote, one in ids[file.resolve()]], (path, link)
        assert all(re.search(r' alt="[^"]', one) for one in re.findall(r"<img [^>]*>", text)), path


def test_what_a_host_must_hold_is_small(site):
    sizes = {path: path.stat().st_size for path in SITE.rglob("*.*")}
    assert max(sizes.values()) < 25e6
    assert json.loads((SITE / "engine" / "engine.json").read_text())["bytes"] <= 18e6
    words = (SITE / "licences.txt").read_text(encoding="utf-8")
    assert all(part in words for part in ("LICENSES/cpython", "katex/LICENSE", "@lumino/widgets: BSD", "psygnal-"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_whole_pages(opened, scheme):
    page = opened(color_scheme=scheme)
    for address in ("", "en/04-geometry/", LESSON):
        page.open(address)
        if address == LESSON:
            page.wake("game")
        found = Axe().run(page.page)
        assert not found.response["violations"], found.generate_report()


def test_no_page_is_wider_than_a_phone_and_its_text_is_small(opened):
    """300 kB with fonts and scripts, without pictures, as a host packs it."""
    page, found = opened(viewport={"width": 360, "height": 740}), {}
    for address in ["", *(f"{one}/" for one in PAGES)]:
        page.open(address)
        names = page.page.evaluate(
            "performance.getEntries().filter(one => one.initiatorType !== 'img').map(one => one.name)"
        )
        files = {SITE / urlparse(name).path[1:] for name in names if name.startswith(page.site)}
        packed = [gzip.compress((file / "index.html" if file.is_dir() else file).read_bytes()) for file in files]
        found[address] = page.page.evaluate("document.documentElement.scrollWidth"), sum(map(len, packed))
    assert all(width == 360 and size < 300e3 for width, size in found.values()), found
