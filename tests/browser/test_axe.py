"""Every panel, in JupyterLab's light and dark theme, has nothing that axe-core finds fault with."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from fire_panels import KINDS


@pytest.fixture(scope="module", params=["Light", "Dark"])
def themed(request, stage):
    stage.lesson.theme(request.param)
    return stage


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing(themed, name):
    themed.show(name)
    themed.lesson.wait_idle()
    found = Axe().run(themed.lesson.page, ".lesson-panel")
    assert not found.response["violations"], found.generate_report()
