"""Pack what the engine loads: Python's library, the course and its packages, and the data that panels ask for later."""

import contextlib
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
from fontTools import subset
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
# Python packages that come whole, with the files that they read.
WHOLE = {"ipywidgets": ".py", "traitlets": ".py", "comm": ".py", "psygnal": ".py", "anywidget": ".py"}
# What comes with python.wasm: of these only the modules that the course loads here, of all others what is not named.
LARGE = re.compile(r"(matplotlib|PIL|fontTools|dateutil|pyparsing|packaging|contourpy|cycler|kiwisolver|six)\b")
LEFT_OUT = re.compile(
    r"(_pyio|_pyrepl|antigravity|asyncio|bdb|cProfile|cmd|code|compileall|concurrent|configparser|curses|dbm|doctest"
    r"|ensurepip|filecmp|fileinput|ftplib|getopt|graphlib|http|idlelib|imaplib|mailbox|modulefinder|multiprocessing"
    r"|netrc|optparse|pdb|pickletools|poplib|profile|profiling|pstats|pty|py_compile|pyclbr|pydoc"
    r"|rlcompleter|runpy|sched|shelve|smtplib|socketserver|sqlite3|ssl|statistics|symtable|tabnanny|tarfile|this"
    r"|tkinter|trace|tty|turtle|turtledemo|venv|wave|webbrowser|wsgiref|xmlrpc|zipapp|zoneinfo|_pydatetime"
    r"|numpy\.(f2py|distutils|testing|_pyinstaller|doc|tests|polynomial|.*\.tests)"
    r"|encodings\.(?!aliases|utf|ascii|latin_1|cp437|idna|punycode|unicode_escape|raw_unicode_escape)\w+)(\.|$)"
)
FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf", "LastResortHE-Regular.ttf"]
# Western letters, Greek, punctuation, arrows, mathematics, boxes and marks.
LETTERS = [*range(0x250), *range(0x370, 0x400), *range(0x2000, 0x2800)]
LOADED = """
import importlib, io, pkgutil, sys, lessons_lib
for one in pkgutil.walk_packages(lessons_lib.__path__, "lessons_lib."):
    if "keras" not in one.name: importlib.import_module(one.name)
from matplotlib.figure import Figure
Figure().savefig(io.BytesIO())
print(*sys.modules)
"""


def write(folder, name, content, packed=True):
    """Write a file, packed, under a name that changes with its content; that name."""
    stem, _dot, end = name.partition(".")
    path = folder / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{end}{'.gz' * packed}"
    if not path.exists():
        path.write_bytes(gzip.compress(content, 9, mtime=0) if packed else content)
    return path.name


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
    known, out = {*sys.stdlib_module_names, "annotationlib", "compression", "numpy"}, io.BytesIO()
    with zipfile.ZipFile(source) as zipped, zipfile.ZipFile(out, "w") as small:
        for entry in zipped.infolist():
            name, _dot, kind = entry.filename.rpartition(".")
            module = name.replace("/", ".").removesuffix(".__init__")
            ours = module.split(".")[0] in known or "." not in module
            wanted = module in loaded if LARGE.match(module) else ours and not LEFT_OUT.match(module)
            if wanted and kind in ("py", "pyc"):
                small.writestr(zipfile.ZipInfo(entry.filename), zipped.read(entry))
    return out.getvalue()


def fonts(source):
    """matplotlib's settings, and four fonts with the letters that a course needs."""
    with zipfile.ZipFile(source) as zipped:
        inner = zipfile.ZipFile(io.BytesIO(zipped.read("matplotlib/mpl-data.zip")))
    files = {"matplotlib/matplotlibrc": inner.read("matplotlibrc")}
    # matplotlib draws with FreeType's own hints.
    options = subset.Options(hinting=False, recalc_timestamp=False, drop_tables=["FFTM"], name_IDs=["*"])
    for name in FONTS:
        font, out = subset.load_font(io.BytesIO(inner.read(f"fonts/ttf/{name}")), options), io.BytesIO()
        chosen = subset.Subsetter(options)
        chosen.populate(unicodes=LETTERS)
        chosen.subset(font)
        font.save(out)
        files[f"matplotlib/fonts/ttf/{name}"] = out.getvalue()
    return files


def packages():
    """The Python packages that are no part of python.wasm, and the page's own modules."""
    files = {"lib/skimage/__init__.py": b""}
    for package, kind in WHOLE.items():
        for file in metadata.files(package):
            if file.suffix == kind and "tests" not in file.parts and ".." not in file.parts:
                files[f"lib/{file}"] = file.read_binary()
        files[f"lib/{package}.dist-info/METADATA"] = f"Name: {package}\nVersion: {metadata.version(package)}\n".encode()
    own = ROOT / "web" / "py"
    return files | {f"lib/{path.relative_to(own).as_posix()}": path.read_bytes() for path in sorted(own.rglob("*.py"))}


def course():
    """The course's own files: sources, tables, words."""
    found = [path for kind in ("py", "js", "css", "toml") for path in ROOT.glob(f"lessons_lib/**/*.{kind}")]
    found += [*ROOT.glob("data/*.csv"), *ROOT.glob("data/*.txt"), ROOT / "docs" / "words.md"]
    return {f"course/{path.relative_to(ROOT).as_posix()}": path.read_bytes() for path in sorted(found)}


def readable(file):
    """The bytes of a file; JPEG, which the page cannot read, as PNG of the same pixels and name."""
    content = file.read_bytes()
    with contextlib.suppress(OSError):
        if file.suffix in (".jpg", ".jpeg"):
            Image.fromarray(np.array(Image.open(io.BytesIO(content)))).save(out := io.BytesIO(), "png")
            return out.getvalue()
    return content


def data(registry, text):
    """What `data.load` reads when it is asked, by its place for Python, and the registry that fits it."""
    photos = Path(next(one for one in metadata.files("scikit-image") if one.name == "camera.png").locate()).parent
    files = {}
    for entry in registry.values():
        name, shipped = entry["file"], "package" in entry
        path = photos / name if shipped else ROOT / "data" / name
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            before, content = file.read_bytes(), readable(file)
            text = text.replace(hashlib.sha256(before).hexdigest(), hashlib.sha256(content).hexdigest())
            if file.suffix not in (".csv", ".txt"):
                place = file.relative_to(photos if shipped else ROOT / "data").as_posix()
                files[("lib/skimage/data/" if shipped else "course/data/") + place] = content
    return files, text


def modules():
    """The course's widgets' own modules: a page's policy runs files only, so each is one, named by its content."""
    for name in ("predict.ask", "panel", "live_training"):
        importlib.import_module(f"lessons_lib.widgets.{name}")
    own = {kind._esm for kind in anywidget.AnyWidget.__subclasses__() if kind.__module__.startswith("lessons_lib")}
    return {f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.js": text for text in own}
