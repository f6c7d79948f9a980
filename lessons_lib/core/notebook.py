"""What every notebook starts with and shows things by: `begin`, `show`, `watching`, `show_code`."""

import ast
import contextlib
import inspect
import textwrap
from pathlib import Path

import numpy as np
from IPython import get_ipython
from IPython.display import display

from lessons_lib.core import i18n
from lessons_lib.core.i18n import _
from lessons_lib.plots.style import png

ENGINES = {"keras": ["tensorflow"]}


def begin():
    """Prepare a lesson: its texts speak the language of the folder the notebook lies in.

    Arrays are printed to three decimals, without scientific notation.
    A cell that was run before the cells it needs says so.

    Examples
    --------
    >>> begin()
    """
    np.set_printoptions(precision=3, suppress=True)
    folder = Path.cwd().name
    i18n.use(folder if folder in i18n.languages() else "en")
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
    """Show a figure as a picture with a description for those who cannot see it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str, optional
        What the picture shows, in 20 characters or more; screen readers say it and the comparison of outputs reads it.
        The course's own figures bring theirs as `figure.alt`. A figure of something that was trained here, and comes
        out a little different on each machine, also brings `figure.steady`: the same without numbers, to be compared.

    Raises
    ------
    TypeError
        If `figure` cannot be saved as a picture.
    ValueError
        If `alt` is too short to describe anything.

    Examples
    --------
    >>> show("not a figure", alt="a picture of nothing at all")
    Traceback (most recent call last):
    TypeError: figure is of type str; give a matplotlib Figure
    """
    if not hasattr(figure, "savefig"):
        raise TypeError(f"figure is of type {type(figure).__name__}; give a matplotlib Figure")
    alt = getattr(figure, "alt", None) if alt is None else alt
    if not isinstance(alt, str) or len(alt.strip()) < 20:
        raise ValueError(f"alt is {alt!r}; describe the picture in 20 characters or more")
    content, width, height = png(figure)
    display(
        {"image/png": content, "text/plain": getattr(figure, "steady", alt)},
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
        raw=True,
    )


@contextlib.contextmanager
def watching(panel):
    """Show a panel before something long begins; when that has ended, the file keeps the panel's last picture.

    Parameters
    ----------
    panel : ipywidgets.Widget
        Such as `live_training.Live()`; its text must not depend on what it shows.

    Yields
    ------
    ipywidgets.Widget
        The same panel.

    Examples
    --------
    >>> with watching("a panel") as panel:
    ...     print("something long")
    a panel
    something long
    """
    shown = display(panel, display_id=True)
    try:
        yield panel
    finally:
        # There is no handle to it outside a notebook.
        if shown is not None:
            shown.update(panel)


def show_code(function):
    """Show the library's own source of a function, without its docstring.

    Parameters
    ----------
    function : callable
        A Python function or class of the library.

    Raises
    ------
    TypeError
        If it has no Python source.

    Examples
    --------
    >>> show_code(len)
    Traceback (most recent call last):
    TypeError: len has no Python source to show; give a function of lessons_lib
    """
    try:
        source = inspect.getsource(inspect.unwrap(function))
    except (TypeError, OSError) as error:
        name = getattr(function, "__name__", repr(function))
        raise TypeError(f"{name} has no Python source to show; give a function of lessons_lib") from error
    source = _without_docstring(source).rstrip()
    display({"text/markdown": f"```python\n{source}\n```", "text/plain": source}, raw=True)


def _without_docstring(source):
    source = textwrap.dedent(source)
    definition = ast.parse(source).body[0]
    lines = source.splitlines()
    if ast.get_docstring(definition) is not None and len(definition.body) > 1:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
        while not lines[docstring.lineno - 1].strip():
            del lines[docstring.lineno - 1]
    return "\n".join(lines)


def needs(package, what):
    """True when `package` can be imported; otherwise shows one sentence that says what is left out.

    Parameters
    ----------
    package : str
        Such as "keras".
    what : str
        What the cell would have done, such as "the comparison with Keras".

    Examples
    --------
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
