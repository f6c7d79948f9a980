"""What every notebook starts with and shows things by."""

import base64
import io

import numpy as np
import pytest
from skimage.io import imread

from lessons_lib.core import i18n, notebook
from lessons_lib.core.notebook import begin, needs, show
from lessons_lib.plots.style import new_figure

ALT = "two empty axes beside each other"


@pytest.fixture
def shown(monkeypatch):
    """What would be displayed: (data, metadata)."""
    calls = []
    monkeypatch.setattr(notebook, "display", lambda data, metadata=None, raw=False: calls.append((data, metadata, raw)))
    return calls


@pytest.fixture
def figure():
    return new_figure(4, 2, columns=2)[0]


def test_begin_speaks_the_language_of_the_folder(tmp_path, monkeypatch):
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "pt.toml").write_text('"a" = "b"')
    monkeypatch.setattr(i18n, "FOLDER", tmp_path / "locale")
    for folder, language in (("pt", "pt"), ("en", "en"), ("anywhere", "en")):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        begin()
        assert i18n.language() == language


def test_begin_prints_three_decimals():
    begin()
    assert str(np.array([1 / 3, 1e-9])) == "[0.333 0.   ]"


def test_a_figure_is_shown_with_its_description_at_double_density(shown, figure):
    show(figure, alt=ALT)
    [(data, metadata, raw)] = shown
    assert raw
    assert data["text/plain"] == ALT
    assert metadata["image/png"] == {"alt": ALT, "width": 400, "height": 200}
    assert imread(io.BytesIO(base64.b64decode(data["image/png"]))).shape[:2] == (400, 800)


def test_a_figure_of_something_trained_here_is_compared_without_its_numbers(shown, figure):
    figure.alt, figure.steady = "two axes, 37 of them", "two axes, some of them"
    show(figure)
    data, metadata, _raw = shown[0]
    assert data["text/plain"] == "two axes, some of them" and metadata["image/png"]["alt"] == "two axes, 37 of them"


@pytest.mark.parametrize("alt", [None, "", "too short", " " * 30, 12345])
def test_a_figure_without_a_description_is_refused(alt, shown, figure):
    with pytest.raises(ValueError, match="describe the picture in 20 characters or more"):
        show(figure, alt=alt)
    assert not shown


@pytest.mark.parametrize("value", [None, np.zeros((3, 3)), "picture.png"])
def test_what_is_no_figure_is_named(value, shown):
    with pytest.raises(TypeError, match=f"figure is of type {type(value).__name__}; give a matplotlib Figure"):
        show(value, alt=ALT)


def test_a_missing_package_is_said_in_one_sentence(capsys):
    assert needs("numpy", "the comparison")
    assert capsys.readouterr().out == ""
    assert not needs("no_such_package", "the comparison with Keras")
    expected = "no_such_package is not installed here, so this cell skips the comparison with Keras.\n"
    assert capsys.readouterr().out == expected


def test_a_picture_shows_itself_as_show_does(shown, figure):
    figure.alt = ALT
    show(figure)
    assert shown == [(*figure._repr_mimebundle_(), True)]
    from IPython.core.formatters import DisplayFormatter

    assert DisplayFormatter().format(figure) == shown[0][:2]
