"""Make again the small wheel by which environment.yml finds the course.

`pip` refuses to install a folder (`-e .`) in the same breath as a lock with hashes, and conda gives it one breath. So
conda's environment gets this wheel of one module, which looks for the course from the folder one is in, upwards, and
of Jupyter's settings. It changes only when they or this file do; environment.yml holds its hash. `pip install --no-deps
-e .` replaces it.
"""

import base64
import hashlib
import io
import sys
import zipfile
from pathlib import Path

from environment import PROGRAMS, ROOT

WHEEL = ROOT / "tools" / "lessons_lib-0-py3-none-any.whl"

FINDER = '''"""The course's lessons_lib, found from the folder one is in; environment.yml says why."""

import importlib
import pathlib
import sys

_here = pathlib.Path.cwd()
for _folder in (_here, *_here.parents):
    if (_folder / "lessons_lib" / "i18n.py").is_file():
        del sys.modules[__name__]
        sys.path.insert(0, str(_folder))
        importlib.import_module(__name__)
        break
else:
    raise ImportError(
        f"lessons_lib was not found from {_here} upwards: open a notebook inside the course's folder, "
        "or type `pip install --no-deps -e .` there once"
    )
'''
METADATA = """Metadata-Version: 2.1
Name: lessons-lib
Version: 0
Summary: Finds the course's lessons_lib from the folder one is in.
License: MIT
"""
TAGS = "Wheel-Version: 1.0\nGenerator: conda_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build():
    """The wheel's bytes, the same on every machine: stored as they are, with a fixed date."""
    settings = {Path(name).name: (ROOT / name).read_text(encoding="utf-8") for name in PROGRAMS}
    files = {
        "lessons_lib/__init__.py": FINDER,
        **{f"lessons_lib-0.data/data/etc/jupyter/{name}": text for name, text in settings.items()},
        "lessons_lib-0.dist-info/METADATA": METADATA,
        "lessons_lib-0.dist-info/WHEEL": TAGS,
    }
    record = "lessons_lib-0.dist-info/RECORD"
    lines = [f"{name},sha256={digest(text)},{len(text.encode())}" for name, text in files.items()]
    files[record] = "\n".join([*lines, f"{record},,"]) + "\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as wheel:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            wheel.writestr(entry, text)
    return archive.getvalue()


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def main():
    WHEEL.write_bytes(build())
    print(f"./{WHEEL.relative_to(ROOT).as_posix()} --hash=sha256:{hashlib.sha256(WHEEL.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    sys.exit(main())
