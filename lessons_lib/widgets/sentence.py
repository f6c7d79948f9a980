"""`Sentence`: one line of text that a screen reader speaks whenever it changes."""

from pathlib import Path

import anywidget
from traitlets import List, Unicode

from lessons_lib.core.i18n import _

FOLDER = Path(__file__).parent


class Sentence(anywidget.AnyWidget):
    """The sentence of a panel; it also brings the panel's style, and names and keys for its controls, to the page.

    >>> Sentence("The sum is 3.").text
    'The sum is 3.'
    """

    _esm = (FOLDER / "sentence.js").read_text(encoding="utf-8")
    _css = (FOLDER / "panel.css").read_text(encoding="utf-8")

    text = Unicode().tag(sync=True)
    player_words = List(Unicode()).tag(sync=True)

    def __init__(self, text=""):
        super().__init__(text=text, player_words=[_("Play or pause"), _("Back to the start"), _("Repeat")])
