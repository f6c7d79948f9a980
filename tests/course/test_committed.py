"""What is in the repository beside the code: no host of a registry, light pictures, licences."""

import subprocess
import tomllib

import pytest

from notebooks import ROOT


def test_no_committed_file_names_the_host_of_a_registry():
    hosts = [name + ".org" for name in ("pypi", "pythonhosted", "npmjs", "debian", "anaconda")]
    words = [word for host in hosts for word in ("-e", host)]
    found = subprocess.run(["git", "grep", "-lIF", *words], cwd=ROOT, capture_output=True, text=True)
    if "not a git repository" in found.stderr:
        pytest.skip("this copy of the course has no git")
    assert found.stdout == ""


def test_the_screenshots_are_shown_and_light_enough_for_a_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = list((ROOT / "docs").glob("*.png"))
    assert [path.name for path in pictures if path.stat().st_size > 200_000] == []
    assert [path.name for path in pictures if f"(docs/{path.name})" not in readme] == []


def test_there_is_a_licence_for_code_and_one_for_text():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "CC-BY-4.0" in (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"] == "MIT"
