"""A student's function: whether it is begun, whose it is, and what it does when it is called."""

import ast
import contextlib
import copy
import dis
import inspect
import io
import reprlib
import sys
import textwrap
import traceback
import warnings
from itertools import pairwise
from types import CodeType, FunctionType, ModuleType

import numpy as np

from lessons_lib.core.i18n import _
from lessons_lib.core.text import join_words, size_text

LIBRARIES = {"lessons_lib", "numpy", "scipy", "skimage", "keras", "tensorflow", "torch", "cv2", "PIL", "builtins"}
MOST_PRINTED = 2000  # characters that a student's function may print in a check


def unfinished(answer):
    """Whether an answer is `...`, holds one, or is a function whose source still has a `...` to be replaced.

    >>> unfinished(...), unfinished([1, ...]), unfinished(0)
    (True, True, False)
    """
    if isinstance(answer, list | tuple):
        return any(map(unfinished, answer))
    if not isinstance(answer, FunctionType):
        return answer is ...
    try:
        return _has_dots(ast.parse(textwrap.dedent(inspect.getsource(answer))))
    # Only a piece of the source, as for a lambda.
    except (TypeError, SyntaxError):
        return False
    except OSError:
        # Without source. Of a statement `...` the compiler leaves a NOP, or nothing if it is the last one.
        code = answer.__code__
        steps = [*dis.get_instructions(code)]
        # `try`, `with` and `while True` have a NOP, too: an exception table, or a jump to what follows.
        nop = not code.co_exceptiontable and any(
            step.opname == "NOP" and not after.is_jump_target for step, after in pairwise(steps)
        )
        return ... in code.co_consts or nop or code.co_code == _nothing.__code__.co_code


def _nothing(): ...


def _has_dots(node):
    """Whether a `...` stands in some code for something missing; in `x[..., 0]` and `f(x=...)` it does not."""
    if isinstance(node, ast.Constant):
        return node.value is ...
    if isinstance(node, ast.Subscript):
        return _has_dots(node.value)
    inside = ast.iter_child_nodes(node)
    return any(_has_dots(child) for child in inside if not isinstance(child, ast.arguments | ast.Compare | ast.Lambda))


def is_library(answer):
    """Whether a function is part of a library, and not written by the student.

    >>> is_library(np.convolve), is_library(max), is_library(lambda x: x)
    (True, True, False)
    """
    answer = inspect.unwrap(answer)
    module = getattr(answer, "__module__", None) or type(answer).__module__
    return module.split(".")[0] in LIBRARIES and "<" not in getattr(answer, "__qualname__", "")


def uses_library(answer, names=(), allowed=()):
    """Whether a student's function calls one of `names`, or anything of a library but NumPy and what is `allowed`.

    >>> uses_library(lambda x: np.convolve(x, x), ["convolve"]), uses_library(lambda x: np.sum(x))
    (True, False)
    """
    code = getattr(answer, "__code__", None)
    for name in _names(code) if code else ():
        # An import inside the function leaves the name of its module here.
        value = answer.__globals__.get(name, sys.modules.get(name, np))
        if any(value is one for one in allowed):
            continue
        module = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None) or ""
        package = module.split(".")[0]
        # A name that NumPy has too may be the student's own function.
        if package in LIBRARIES - {"numpy", "builtins"} or (name in names and package == "numpy"):
            return True
    return False


def _names(code):
    inside = [one for one in code.co_consts if isinstance(one, CodeType)]
    return {*code.co_names, *(name for one in inside for name in _names(one))}


def numbers_in(answer):
    """The whole numbers that stand in the code of a student's function.

    >>> numbers_in(lambda x: x[:28] + 3) == {28, 3}
    True
    """
    code = getattr(answer, "__code__", None)
    pieces = [code, *(one for one in code.co_consts if isinstance(one, CodeType))] if code else []
    steps = [one for piece in pieces for one in dis.get_instructions(piece)]
    loads = [one.argval for one in steps if one.opname.startswith("LOAD_")]
    # Newer Pythons make one constant of `:28`.
    loads += [part for one in loads if isinstance(one, slice) for part in (one.start, one.stop, one.step)]
    return {one for one in loads if type(one) is int}


def has_xor(answer):
    """Whether a student's function uses `^`, which in Python is no power.

    >>> has_xor(lambda side: side ^ 2), has_xor(lambda side: side**2)
    (True, False)
    """
    return isinstance(answer, FunctionType) and any(
        step.argrepr in ("^", "^=") for step in dis.get_instructions(answer)
    )


def unused(answer, count):
    """Those of the first `count` parameters of which a student's function uses nothing, or the size alone.

    >>> unused(lambda image, kernel, _more: image[: kernel.shape[0]], 3)
    ['kernel']
    """
    if not isinstance(answer, FunctionType):
        return []
    steps, used = list(dis.get_instructions(answer)), set()
    for step, after in zip(steps, [*steps[1:], steps[-1]], strict=True):
        if "LOAD" in step.opname:
            names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            size = after.opname == "LOAD_ATTR" and after.argval in ("shape", "size", "ndim", "dtype")
            used.update(names[:-1] if size else names)
    names = answer.__code__.co_varnames[: min(count, answer.__code__.co_argcount)]
    return [name for name in names if name not in used and not name.startswith("_")]


class _Some(io.TextIOBase):
    """What a student's function prints goes on to `out`, but no more than is readable."""

    def __init__(self, out):
        self.out, self.left = out, MOST_PRINTED

    def write(self, text):
        self.out.write(text[: self.left])
        self.left = max(0, self.left - len(text))
        return len(text)


def outcomes(answer, cases):
    """For each case what a student's function returns, and the error that it stopped with, or None.

    >>> outcomes(lambda a: 1 / a, [(2,), (0,)])
    [(0.5, None), (None, ZeroDivisionError('division by zero'))]
    """
    found = []
    with contextlib.redirect_stdout(_Some(sys.stdout)), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in cases:
            try:
                result = answer(*copy.deepcopy(case))
                # A function may return the same array each time.
                found.append((result.copy() if isinstance(result, np.ndarray) else result, None))
            # A student's function may fail in any way; `sys.exit()` must not end the notebook.
            except (Exception, SystemExit) as error:
                found.append((None, error))
    return found


def as_numbers(result):
    """What a student's function returned as an array of float, or None if it is not made of numbers.

    >>> as_numbers([1, 2]), as_numbers("1"), as_numbers([None, 1])
    (array([1., 2.]), None, None)
    """
    try:
        array = np.asarray(result)
        # An array of objects may hold numbers too, but None among them would become nan.
        plain = array.dtype.kind in "biuf" or all(isinstance(one, int | float | np.number) for one in array.ravel())
        return array.astype(float) if plain and not isinstance(result, str | dict | set) else None
    except (TypeError, ValueError):
        return None


def describe(case, answer=None):
    """The arguments of a call in words, with the names that the student's function has for them.

    >>> describe((np.zeros((4, 7)), 3), lambda image, side: 0)
    'image of 4 × 7 and side = 3'
    """
    try:
        names = list(inspect.signature(answer).parameters)[: len(case)]
    except (TypeError, ValueError):
        names = []
    names = names if len(names) == len(case) else [None] * len(case)
    return join_words([_argument(value, name) for value, name in zip(case, names, strict=True)])


def _argument(value, name):
    if isinstance(value, np.ndarray) and (value.ndim > 1 or value.size > 9):
        size = size_text(*value.shape)
        text = _("{name} of {size}") if name else _("an array of {size}")
        return text.format(name=name, size=size)
    short = getattr(value, "__name__", None) or reprlib.repr(value.tolist() if hasattr(value, "tolist") else value)
    return f"{name} = {short}" if name else short


def line_of(error):
    """The last line of the student's own code that an error passed through, such as "line 3, `x = 1 / 0`"; or "".

    >>> line_of(ValueError())
    ''
    """
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [frame for frame in frames if frame.filename == frames[0].filename and frame.line]
    return _("line {number}, `{code}`").format(number=own[-1].lineno, code=own[-1].line) if own else ""
