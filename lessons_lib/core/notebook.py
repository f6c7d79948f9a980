"""What every notebook starts, ends and shows things with: `begin`, `show`, `ten_words`, `further`."""

from pathlib import Path

import numpy as np
from IPython import get_ipython
from IPython.display import display

from lessons_lib.core import i18n
from lessons_lib.core.i18n import _
from lessons_lib.core.words import further as further
from lessons_lib.core.words import ten_words as ten_words
from lessons_lib.plots.style import bundle

ENGINES = {"keras": ["tensorflow"]}


def begin():
    """Prepare a lesson: texts in the language of the notebook's folder, arrays printed to three decimals.

    A cell that was run before the cells it needs says so.

    >>> begin()
    """
    np.set_printoptions(precision=3, suppress=True)
    folder = Path.cwd()
    language = folder.parent.name if folder.name == "further" else folder.name
    i18n.use(language if language in i18n.languages() else "en")
    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((NameError, ImportError), _answer())


def _answer():
    """What is called for a name that is missing, and for an import that failed."""
    reasons = []

    def answer(shell, kind, error, trace, tb_offset=None):
        if reasons and kind is NameError:
            # The name is missing because its import failed, and for a reason that was worth a sentence.
            print(reasons[0])
            return
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        if hasattr(error, "_render_traceback_"):
            reasons.append(str(error))
        elif kind is NameError:
            text = _(
                "{name} is not known yet: run the cells above this one first (Run > Run All Above Selected Cell), "
                "or look at its spelling."
            )
            print(text.format(name=error.name))

    return answer


def show(figure, alt=None):
    """Show a figure as a picture with its description `alt`, of 20 characters or more, or the one it brings itself.

    >>> show("not a figure", alt="a picture of nothing at all")
    Traceback (most recent call last):
    TypeError: figure is of type str; give a matplotlib Figure
    """
    if not hasattr(figure, "savefig"):
        raise TypeError(f"figure is of type {type(figure).__name__}; give a matplotlib Figure")
    data, metadata = bundle(figure, alt)
    display(data, metadata=metadata, raw=True)


def needs(package, what):
    """True when `package` can be imported; otherwise print a sentence that the cell skips `what`.

    >>> needs("numpy", "the comparison")
    True
    """
    from importlib.util import find_spec

    # Keras alone cannot be imported: it computes with TensorFlow.
    missing = [name for name in (package, *ENGINES.get(package, ())) if find_spec(name) is None]
    if not missing:
        return True
    print(_("{package} is not installed here, so this cell skips {what}.").format(package=missing[0], what=what))
    return False
