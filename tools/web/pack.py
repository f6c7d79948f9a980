"""Pack what the engine loads: Python's library, the course and its packages, and the data that panels ask for later."""

import gzip
import hashlib
import importlib
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import anywidget
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
# Python packages that the page needs whole, with the files that they read.
WHOLE = {"ipywidgets": ".py .js", "traitlets": ".py", "comm": ".py", "psygnal": ".py", "anywidget": ".py .js"}
# What comes with python.wasm; of these only the modules that the course loads, and all of the others' names below.
LARGE = re.compile(r"(matplotlib|PIL|fontTools|dateutil|pyparsing|packaging|contourpy|cycler|kiwisolver|six)\b")
NUMPY = re.compile(r"numpy\.(f2py|distutils|testing|_pyinstaller|doc|tests|.*\.tests)\b")
LEFT_OUT = frozenset(
    "_pyio _pyrepl antigravity asyncio bdb cProfile cmd code compileall concurrent configparser curses dbm doctest "
    "ensurepip filecmp fileinput ftplib getopt graphlib http idlelib imaplib mailbox modulefinder multiprocessing "
    "netrc optparse pdb pickletools poplib profile profiling pstats pty py_compile pyclbr pydoc pydoc_data rlcompleter "
    "runpy sched shelve smtplib socketserver sqlite3 ssl statistics symtable tabnanny tarfile this tkinter trace tty "
    "turtle turtledemo venv wave webbrowser wsgiref xmlrpc zipapp zoneinfo _pydatetime".split()
)
CODECS = re.compile(r"encodings\.(?!aliases|utf|ascii|latin_1|cp437|idna|punycode|unicode_escape|raw_unicode_escape)")
FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf", "LastResortHE-Regular.ttf"]
LOADED = """
import importlib, io, pkgutil, sys, lessons_lib
for one in pkgutil.walk_packages(lessons_lib.__path__, "lessons_lib."):
    if "keras" not in one.name: importlib.import_module(one.name)
from matplotlib.figure import Figure
Figure().savefig(io.BytesIO())
print(*sys.modules)
"""
# Photos of this kind the page's Pillow cannot read; they come as PNG.
JPEG = re.compile(r"\.jpe?g$")


def packed(content):
    """The same bytes each time."""
    return gzip.compress(content, 9, mtime=0)


def write(folder, name, content, change=packed):
    """Write a file under a name that changes with its content, packed; that name."""
    stem, dot, end = name.partition(".")
    path = folder / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{dot}{end}{'.gz' if change is packed else ''}"
    if not path.exists():
        path.write_bytes(change(content))
    return path.name


def plain(folder, name, content):
    """As `write`, unpacked."""
    return write(folder, name, content, bytes)


def pack(files):
    """One file of many: the length of the index, the index as JSON (name: place, size), all bytes."""
    at, index = 0, {}
    for name, content in files.items():
        index[name] = at, len(content)
        at += len(content)
    head = json.dumps(index).encode()
    return struct.pack("<I", len(head)) + head + b"".join(files.values())


def library(source):
    """Python's library, stored in a zip, without what the course never loads."""
    loaded = set(subprocess.check_output([sys.executable, "-c", LOADED], text=True, cwd=ROOT).split())
    out = io.BytesIO()
    with zipfile.ZipFile(source) as zipped, zipfile.ZipFile(out, "w") as small:
        for entry in zipped.infolist():
            module = entry.filename.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
            top = module.split(".")[0]
            if LARGE.match(module):
                wanted = module in loaded
            elif top == "numpy":
                wanted = not NUMPY.match(module)
            else:
                known = (
                    top in sys.stdlib_module_names
                    or "/" not in entry.filename
                    or top in ("annotationlib", "compression")
                )
                wanted = known and top not in LEFT_OUT and not CODECS.match(module)
            if wanted and entry.filename.endswith((".py", ".pyc")):
                small.writestr(zipfile.ZipInfo(entry.filename), zipped.read(entry))
    return out.getvalue()


def fonts(source):
    """matplotlib's settings and four fonts."""
    with (
        zipfile.ZipFile(source) as zipped,
        zipfile.ZipFile(io.BytesIO(zipped.read("matplotlib/mpl-data.zip"))) as inner,
    ):
        names = ["matplotlibrc", *(f"fonts/ttf/{name}" for name in FONTS)]
        return {f"matplotlib/{name}": inner.read(name) for name in names}


def packages():
    """The Python packages that are no part of python.wasm, and the page's own modules."""
    files = {"lib/skimage/__init__.py": b""}
    for package, kinds in WHOLE.items():
        for file in metadata.files(package):
            if file.suffix in kinds.split() and "tests" not in file.parts and ".." not in file.parts:
                files[f"lib/{file}"] = file.read_binary()
        files[f"lib/{package}.dist-info/METADATA"] = f"Name: {package}\nVersion: {metadata.version(package)}\n".encode()
    own = ROOT / "web" / "py"
    return files | {f"lib/{path.relative_to(own).as_posix()}": path.read_bytes() for path in sorted(own.rglob("*.py"))}


def course():
    """The course's own files: sources, tables, words."""
    found = [
        *ROOT.glob("lessons_lib/**/*"),
        *ROOT.glob("data/*"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("notebooks/*/**/*.ipynb"),
    ]
    kinds = {".py", ".js", ".css", ".toml", ".csv", ".txt", ".md"}
    tracked = {
        path: path.read_bytes() for path in sorted(found) if path.suffix in kinds and "__pycache__" not in path.parts
    }
    return {f"course/{path.relative_to(ROOT).as_posix()}": content for path, content in tracked.items()}


def data(registry, text):
    """What `data.load` reads when it is asked, by its place for Python, and the registry that fits it."""
    skimage = Path(
        next(file for file in metadata.files("scikit-image") if file.name == "__init__.py").locate()
    ).parents[1]
    files = {}
    for entry in registry.values():
        path = skimage / "skimage" / "data" / entry["file"] if "package" in entry else ROOT / "data" / entry["file"]
        content = path.read_bytes()
        if JPEG.search(path.name):
            out = io.BytesIO()
            Image.fromarray(np.array(Image.open(path))).save(out, "png", optimize=True)
            content = out.getvalue()
            text = text.replace(entry["sha256"], hashlib.sha256(content).hexdigest())
        if path.suffix not in {".csv", ".txt"}:
            files[("lib/skimage/data/" if "package" in entry else "course/data/") + entry["file"]] = content
    return files, text


def modules():
    """The course's widgets' own modules: a page's policy runs files only, so each is one, named by its content."""
    importlib.import_module("lessons_lib.widgets.predict.ask")
    importlib.import_module("lessons_lib.widgets.panel")
    own = {kind._esm for kind in anywidget.AnyWidget.__subclasses__() if kind.__module__.startswith("lessons_lib")}
    return {f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.js": text for text in own}
