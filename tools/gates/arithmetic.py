"""The equations of a text, such as `(7 - 3)/2 + 1 = 3`: what their sides are worth, and whether they agree."""

import ast
import itertools
import operator
import re

OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
OPERATIONS |= {ast.FloorDiv: operator.floordiv, ast.Pow: operator.pow}
# How a text writes what Python writes otherwise.
WRITTEN = {
    r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}": r"(\1)/(\2)",
    r"\\cdot|\\times|[×·]": "*",
    r"\\approx|≈": "=",
    r"\\left|\\right|\\,|\{,\}|\$": "",
    "−": "-",
    "²": "**2",
    "³": "**3",
    r"\^\{?(\d+)\}?": r"**\1",
    r"(?<=\d),(?=\d{3}(?!\d))": "",
}
SUM = r"[\d.\s()+\-*/]*"


def value(text):
    """What an arithmetic expression is worth, or None when it is none."""
    try:
        return _worth(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, KeyError, ArithmeticError):
        return None


def _worth(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worth(node.operand)
    return OPERATIONS[type(getattr(node, "op", None))](_worth(node.left), _worth(node.right))


def equations(text):
    """(left side, right side) of every equation between numbers, as Python would write them."""
    for written, meant in WRITTEN.items():
        text = re.sub(written, meant, text)
    for line in text.splitlines():
        parts = re.sub(r"^\s*[-*>]\s+", "", line).split("=")
        for before, after in itertools.pairwise(parts):
            left, right = re.search(SUM + "$", before)[0], re.match(SUM, after)[0]
            cut = before[: len(before) - len(left)]
            # What begins in the middle of `x + 1` or of a word is half of something.
            half = (re.search(r"[^\s(*>:,;]$", cut) and re.match(r"\S|\s*-", left)) or re.search(r"\\\w+$", cut)
            # Percent, millions and what is cut off are left to the gate of single numbers.
            half = half or re.match(r"…|\\?%|(?:thousand|million|billion)\b", after[len(right) :])
            right = right.strip().rstrip(".")
            if not half and value(left) is not None and value(right) is not None:
                yield left.strip(), right


def agree(left, right):
    """Whether both sides are worth the same, up to the digits that a side which is one number is written with."""
    values = value(left), value(right)
    slack = 1e-9 * max(1, abs(values[0]))
    for side in (left, right):
        if re.fullmatch(r"-?\d*\.\d+", side):
            slack = max(slack, 0.5 * 10.0 ** -len(side.partition(".")[2]) * (1 + 1e-9))
    return abs(values[0] - values[1]) <= slack


def computed(text):
    """What every operation in the equations of a text gives."""
    trees = [ast.parse(side, mode="eval") for equation in equations(text) for side in equation]
    return {float(_worth(node)) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.BinOp)}
