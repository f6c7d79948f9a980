"""Each number in the text was computed, in the lesson or in a reason beside it."""

import importlib
import math
import pkgutil
import re
from dataclasses import dataclass

import numpy as np

from formatting import output_text
from gates import arithmetic
from gates.documents import without_fences

SPACES = " ,\u00a0\u2009\u202f"
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "M": 1e6, "k": 1e3}
# Digits that belong to a name (uint8, LeNet-5, w_3) are no numbers. A ratio is "1 in 40" or "1 digit in 40".
NUMBER = re.compile(
    r"(?P<ratio>\b(?:1|one) (?:\w+ )?(?:in|of) )?(?:(?:^|(?<=[\s(\[{=,:|$]))(?P<minus>[-−]))?(?<![\w.])(?<![^\W\d_]-)"
    rf"(?P<digits>(?:\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?P<power>e-?\d+(?!\w))?"
    rf"(?:[ \u00a0\u202f]?(?P<unit>\\?%|(?:{'|'.join(SCALES)})\b))?",
    re.MULTILINE,
)
REASONS = "tests/course/prose"
SMALL = 12
# How many cells up and down a reader still has in view.
NEAR = 4
# These sections may speak of the whole lesson.
WHOLE = {"", "What you can do now"}
# Code that is nothing but numbers.
BARE = re.compile(r"(?=.*\d)(?:[-−\d.,:\s()\[\]×/%+]|(?<=[\d ])x(?=[\d ]))+")


@dataclass(frozen=True)
class Number:
    """A number as a text has it."""

    text: str
    value: float
    slack: float
    unit: str
    ratio: bool

    def agrees(self, value):
        """Whether it is this value, or all values between two ends, rounded to the digits that are written."""
        ends = value if isinstance(value, tuple) else (value,)
        scales = [1, 0.01] if self.unit == "%" else [SCALES.get(self.unit, 1)]
        # A ratio is rounded before its last zeros.
        coarse = self.slack * 10 ** (len(self.text) - len(self.text.rstrip("0")))
        return any(all(abs(end / scale - self.value) <= self.slack for end in ends) for scale in scales) or (
            self.ratio and all(end and abs(1 / end - self.value) <= coarse for end in ends)
        )


def numbers_in_prose(lesson):
    """Every number in the text is small, was seen nearby or said before, or has its reason in tests/course/prose."""
    if lesson.language != "en":
        return
    titles, evidence = lesson.sections, [_evidence(cell, lesson) for cell in lesson.cells]
    sources = "\n".join(cell.source for cell, title in zip(lesson.cells, titles, strict=True) if title == "Sources")
    years = values(sources).intersection(range(1900, 2100))
    reasons = {_bare(key): key for key in lesson.reasons}
    used, said = set(), set()
    for place, cell in enumerate(lesson.cells):
        if cell.cell_type == "code" or titles[place] == "Sources":
            continue
        # A text speaks of the cells beside it, of those of its section, and of the solution of its task.
        own = titles[place]
        near = [k for k in range(len(titles)) if own in WHOLE or abs(k - place) <= NEAR or titles[k] == own]
        ids = [one.get("id", "").removesuffix("-solution") for one in lesson.cells[place : place + 2]]
        solution = set().union(*(values(lesson.solution(name)) for name in ids))
        text = _prose(cell.source, keep_code=not cell.get("id", "").endswith("-solution"))
        here = set().union(*(evidence[k] for k in near), years, said, solution, arithmetic.computed(text))
        for left, right in arithmetic.equations(text):
            if not arithmetic.agree(left, right):
                yield cell, f"says {left} = {right}, and {left} is {arithmetic.value(left)}"
        for number in numbers(text):
            bare = _bare(number.text).lstrip("-")
            if bare in reasons:
                used.add(bare)
            elif any(map(number.agrees, here)):
                said |= set() if number.unit or number.ratio else {number.value}
            else:
                yield cell, f"says {number.text}, which no cell near it prints; print it, or give a reason in {REASONS}"
    for bare, key in reasons.items():
        if problem := _reason(key, lesson) if bare in used else f"never says {key}; remove it from {REASONS}":
            yield None, problem


def numbers(text):
    """The numbers of a text that need a reason."""
    text = re.sub(r"(?<=\d)(?:[x×]|\.\.)(?=\d)", " x ", text.replace("{,}", ",").replace(r"\,", "\u202f"))
    for match in NUMBER.finditer(text):
        unit, digits = (match["unit"] or "").lstrip("\\"), re.sub(f"[{SPACES}]", "", match["digits"])
        if unit or match["power"] or not digits.isdigit() or int(digits) > SMALL:
            text = ("-" if match["minus"] else "") + digits + (match["power"] or "")
            last = 10.0 ** -len(digits.partition(".")[2])
            slack = 1e-9 * float(text) if match["power"] else 0.5 * last * (1 + 1e-9)
            yield Number(text + unit, float(text), slack, unit, match["ratio"] is not None)


def values(text):
    """The values in code or in output, and without their signs; the quotient of "46 of 2000" too."""
    text = re.sub(r"(?<=\d)[_,\u202f](?=\d{3}(?!\d))", "", text)
    found = re.findall(r"([-−] ?)?((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%?)", text)
    here = {sign * float(token) for minus, token, _percent in found for sign in ((1, -1) if minus else (1,))}
    here |= {float(token) / 100 for _minus, token, percent in found if percent}
    pairs = re.findall(r"(?<![\d./])(\d+)(?:/| of | out of )(\d+)(?![\d./])", text)
    here |= {int(over) / int(under) for over, under in pairs if int(under)}
    return set(filter(math.isfinite, here))


def _evidence(cell, lesson):
    """The numbers of a code cell; of one that varies, the ends of its bounds and all between them."""
    if cell.cell_type != "code":
        return set()
    if "varies" not in cell.metadata.get("tags", []):
        return values("\n".join([cell.source, *map(output_text, cell.outputs)]))
    low, high = (lesson.bounds.get(cell.id, {}).get(end, []) for end in ("low", "high"))
    ends = [(low, high)] if isinstance(low, int | float) else list(zip(low, high, strict=False))
    return values(cell.source).union(ends, *ends)


def _prose(source, keep_code):
    """Markdown without code, addresses, tags and list numbers; with `keep_code`, blocks of code are read as text."""
    source = re.sub(r"^ *(```|~~~).*$", "", source, flags=re.MULTILINE) if keep_code else without_fences(source)
    text = re.sub(r"^(#+) (?:\d+\. |\w+ \d+: )?(.*?)(?: \(\d+ min\b[^)]*\))?$", r"\1 \2", source, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$", lambda block: block[0].replace("\n", " "), text, flags=re.DOTALL)
    # Numbers do not hide in type for code.
    text = re.sub(r"(`+)([^\n]*?)\1", lambda code: code[2] if BARE.fullmatch(code[2]) else "`code`", text)
    text = re.sub(r"\]\([^)\s]*(?:\([^)\s]*\))?[^)]*\)", "]", text)
    text = re.sub(r"<?https?://[^\s>)]+>?|<[^>\n]+>|&#?\w+;|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"(?<![^\W_])_(?=[^\s_])|(?<=[^\s_])_(?![^\W_])", "", text)
    return re.sub(r"^(\s*>?\s*)\d+\. ", r"\1", text, flags=re.MULTILINE)


def _bare(key):
    return re.sub(rf"[{SPACES}%]|[a-zA-Z]+$", "", key)


def _reason(key, lesson):
    """What is wrong with one entry of tests/course/prose: a sentence, or an expression and what it equals."""
    reason = lesson.reasons[key]
    if isinstance(reason, str):
        return None if len(reason.strip()) >= 10 else f"gives {key} the reason {reason!r}; say where it comes from"
    scope = {"np": np}
    for name, part in re.findall(r"(?<![\w.])(?!np\.)([a-z]\w*)\.(\w+)", reason["expression"]):
        scope[name] = importlib.import_module(f"lessons_lib.{name}")
        # Imports the part too, when it is a module.
        pkgutil.resolve_name(f"lessons_lib.{name}.{part}")
    value = float(eval(reason["expression"], scope))
    right = math.isclose(value, reason["equals"], rel_tol=1e-9) and next(numbers(key)).agrees(abs(value))
    return None if right else f"says {key}, but {reason['expression']} is {value:g} and not {reason['equals']}"
