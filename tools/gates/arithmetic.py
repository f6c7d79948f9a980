"""The equations of a text, such as `(7 - 3)/2 + 1 = 3`: what their sides are worth, and whether they agree."""

import ast
import itertools
import re

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
        tree = ast.parse(text.strip(), mode="eval")
        # What else the signs of SUM can write: half of a sum, a call, a tuple; and an ellipsis, which takes no plus.
        odd = any(isinstance(part, ast.UAdd | ast.Call | ast.Tuple) for part in ast.walk(tree))
        return None if odd else +eval(ast.unparse(tree))
    except (SyntaxError, TypeError, ArithmeticError):
        return None


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
    digits = [len(side.partition(".")[2]) for side in (left, right) if re.fullmatch(r"-?\d*\.\d+", side)]
    slack = max([1e-9 * max(1, abs(values[0])), *(0.5 * 10.0**-count * (1 + 1e-9) for count in digits)])
    return abs(values[0] - values[1]) <= slack


def computed(text):
    """What every operation in the equations of a text gives."""
    trees = [ast.parse(side, mode="eval") for equation in equations(text) for side in equation]
    return {float(value(ast.unparse(node))) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.BinOp)}
