"""Kernels of `pytest --nbval` run in the surroundings of `tools/lesson.py run`; files that take minutes come first."""

import os

import nbval.plugin

import notebooks

# Coverage is to say what the tests run; followed line by line, a lesson would take twice the time.
nbval.plugin.setup_coverage = nbval.plugin.teardown_coverage = lambda *_arguments: None
pytest_plugins = ["again"]
# A student's own notebooks are not compared with anything.
collect_ignore = [path for path in (notebooks.ROOT / "notebooks").rglob("*.ipynb") if path not in notebooks.lessons()]
os.environ.update(notebooks.SURROUNDINGS)
LONG = {f"tests/test_{name}.py" for name in ("networks_architectures", "out_of_order", "transfer")}


def pytest_collection_modifyitems(items):
    """Files that take minutes begin first, so that none of them is left over for one core at the end."""
    items.sort(key=lambda item: not _is_long(item.path.relative_to(notebooks.ROOT).as_posix()))


def _is_long(path):
    return path.startswith(("tests/browser/", "notebooks/")) or path in LONG
