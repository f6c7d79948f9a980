"""`Sentence`: one line of text that a screen reader speaks whenever it changes."""

from pathlib import Path

import anywidget
from traitlets import Unicode

FOLDER = Path(__file__).parent


class Sentence(anywidget.AnyWidget):
    """The sentence of a panel; it brings the panel's style to the page and keeps its arrow keys from JupyterLab.

    >>> Sentence(text="The sum is 3.").text
    'The sum is 3.'
    """

    _esm = (FOLDER / "sentence.js").read_text(encoding="utf-8")
    _css = (FOLDER / "panel.css").read_text(encoding="utf-8")

    text = Unicode().tag(sync=True)
