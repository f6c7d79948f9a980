"""A plugin of pytest beside nbval: the lessons that take seconds are run a second time in the same kernel.

A student runs cells again and again; each has to say again what it said, compared as strictly as the first time.
"""

import copy

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

import notebooks


class Again(IPyNbCell):
    """A cell that is run a second time, after all the others."""

    def reportinfo(self):
        """Its name in the report."""
        path, line, title = super().reportinfo()
        return path, line, f"{title} again"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """After the cells of a quick lesson come the same ones again."""
    report = yield
    if isinstance(collector, IPyNbFile) and notebooks.is_quick(collector.path):
        # A copy of each cell, for nbval joins the pieces of what it printed in place.
        report.result += [
            Again.from_parent(
                collector, name=f"{one.name} again", cell_num=one.cell_num, cell=copy.deepcopy(one.cell),
                options=one.options,
            )
            for one in report.result
        ]  # fmt: skip
    return report
