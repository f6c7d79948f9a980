"""Every panel and question, in JupyterLab's light and dark theme, has nothing that axe-core finds fault with."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from fire_panels import KINDS, QUESTIONS


@pytest.fixture(scope="module", params=["Light", "Dark"])
def themed(request, stage):
    stage.lesson.theme(request.param)
    return stage


@pytest.mark.parametrize("name", [*KINDS, *QUESTIONS])
def test_axe_finds_nothing(themed, name):
    themed.show(name)
    themed.lesson.wait_idle()
    found = Axe().run(themed.lesson.page, ".lesson-panel")
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_wider_than_its_panel(stage, name):
    root = stage.show(name).root
    stage.lesson.wait_idle()
    right = root.evaluate("panel => panel.getBoundingClientRect().right")
    parts = root.locator("svg:visible, .lesson-grid:visible, .widget-slider:visible, .widget-dropdown:visible").all()
    assert all(part.evaluate("part => part.getBoundingClientRect().right") <= right + 1 for part in parts)
