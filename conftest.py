"""Kernels of `pytest --nbval` run in the surroundings of `tools/lesson.py run`; files that take minutes come first."""

import os

import nbval.plugin
import pytest

import notebooks

# Coverage is to say what the tests run; followed line by line, a lesson would take twice the time.
nbval.plugin.setup_coverage = nbval.plugin.teardown_coverage = lambda *_arguments: None
pytest_plugins = ["again"]
# A student's own notebooks are not compared with anything.
collect_ignore = [path for path in (notebooks.ROOT / "notebooks").rglob("*.ipynb") if path not in notebooks.lessons()]
os.environ.update(notebooks.SURROUNDINGS)
LONG = {f"tests/test_{name}.py" for name in ("networks_architectures", "out_of_order", "transfer")}


def pytest_configure(config):
    """One report of the lines that are run in each worker.

    Before the worker's own pytest-cov starts another, which nobody reads, and which goes on where the worker's pauses.
    """
    if hasattr(config, "workerinput") and (report := _report(config)):
        report.cov.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """What a lesson or a page runs, it runs in a kernel: to follow the test itself would only take time."""
    report = _report(item.config) if _runs_kernels(_path(item)) else None
    if report:
        report.pause()
    try:
        return (yield)
    finally:
        if report:
            report.resume()


def pytest_collection_modifyitems(items):
    """Files that take minutes begin first, so that none of them is left over for one core at the end."""
    items.sort(key=lambda item: not (_runs_kernels(_path(item)) or _path(item) in LONG))


def _path(item):
    return item.path.relative_to(notebooks.ROOT).as_posix()


def _runs_kernels(path):
    return path.startswith(("tests/browser/", "notebooks/"))


def _report(config):
    """What pytest-cov has at work in this process, if anything."""
    plugin = config.pluginmanager.get_plugin("_cov")
    return plugin and plugin.cov_controller
