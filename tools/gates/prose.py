"""The text: one sentence a line, and no number that nobody computed."""

import ast
import importlib
import math
import re

from gates import arithmetic
from gates.lesson_file import printed, without_fences

ABBREVIATIONS = r"(?:e\.g|i\.e|etc|vs|cf|al|Fig|Figs|Eq|Eqs|Sec|Ch|No|pp|Dr|Prof|St|approx|[A-Z])\."
SENTENCE_END = re.compile(r"""[.!?…][)"'”’*_\]]*\s+["“'‘(*_\[]*[A-ZÀ-Þ]""")
SPACES = " ,\u00a0\u2009\u202f"
# Digits that belong to a name (uint8, LeNet-5, w_3) are no numbers.
NUMBER = re.compile(
    rf"(?<![\w.])(?<![^\W\d_]-)(?:(?:\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:e-?\d+(?!\w))?"
)
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "M": 1e6, "k": 1e3}
SMALL = 12
# How many cells up and down a reader still has in view.
NEAR = 4
ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TENS = {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
TENS |= {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
WORDED = re.compile(rf"\b(?P<tens>{'|'.join(TENS)})(?:-(?P<ones>{'|'.join(ONES)}))?\b(?!-)", re.IGNORECASE)
# Code that is nothing but numbers.
BARE = re.compile(r"(?=.*\d)(?:[-−\d.,:\s()\[\]×/%+]|(?<=[\d ])x(?=[\d ]))+")


def one_sentence_a_line(lesson):
    """One sentence a line of the source, so that a change of one sentence is a change of one line."""
    for cell in _prose_cells(lesson):
        for line in _prose(cell.source).splitlines():
            # A label such as "> **Predict first.**" opens a line.
            text = re.sub(r"^(?:\s|>|[*+-](?=\s)|\d+\.(?=\s))*(?:\*\*[^*]+\*\*)?", "", line)
            if not text.strip() or line.lstrip().startswith(("|", "#", "<")):
                continue
            text = re.sub(rf"\$[^$]+\$|\b{ABBREVIATIONS}(?=\W)", "", text)
            end = SENTENCE_END.search(text)
            wrong = end and f"has two sentences in one line, at {text[max(0, end.start() - 25) : end.end() + 10]!r}"
            yield cell, wrong or None


def numbers_in_prose(lesson):
    """Every number in the text is small, was seen nearby or said before, or has its reason in tests/prose."""
    evidence = [_numbers(_evidence(cell)) if cell.cell_type == "code" else set() for cell in lesson.cells]
    years = {value for value in _numbers(_sources(lesson)) if 1900 <= value <= 2099 and value == int(value)}
    reasons = {_bare(key): key for key in lesson.reasons}
    used, said = set(), set()
    for cell in _prose_cells(lesson):
        text = _prose(cell.source, keep_code=not _exercise(cell, lesson).endswith("-solution"))
        text = re.sub(r"^(#+) (?:\d+\. |\w+ \d+: )?", r"\1 ", text, flags=re.MULTILINE)
        task = re.match(r"exercise-\d+", _exercise(cell, lesson))
        here = _seen_from(cell, lesson, evidence) | _quotients(text) | arithmetic.computed(text) | said
        for left, right in arithmetic.equations(text):
            agrees = arithmetic.agree(left, right)
            yield cell, None if agrees else f"says {left} = {right}, and {left} is {arithmetic.value(left)}"
        for token, unit in _tokens(text):
            if _bare(token).lstrip("-") in reasons:
                used.add(_bare(token).lstrip("-"))
                yield cell, None
                continue
            if task and not _agrees(token, unit, here):
                k = int(task[0].split("-")[1])
                here = here | _numbers(lesson.solution(k)) | _numbers(lesson.solution_says(k))
            found = _agrees(token, unit, here) or float(_bare(token)) in years
            # Thousands may be separated by a space, but so may be two numbers.
            parts = token.split() if not found and " " in token else []
            found = found or (bool(parts) and all(_agrees(part, "", here) for part in parts))
            said |= {float(_bare(token))} if found and not unit else set()
            wrong = f"says {token}{unit}, which no cell near it prints; print it, or give its reason in tests/prose"
            yield cell, None if found else wrong
    for bare, key in reasons.items():
        unused = f"never says {key}; remove it from tests/prose"
        yield None, _reason(key, lesson.reasons[key], lesson) if bare in used else unused


def _seen_from(cell, lesson, evidence):
    """The numbers that the reader of a text cell has in view: those of its section and of the cells beside it.

    What opens and closes a lesson, and its exercises, may speak of all of it.
    """
    titles = [title for title, cells in lesson.sections.items() if any(cell is one for one in cells)]
    place = next(i for i, one in enumerate(lesson.cells) if one is cell)
    near = range(place - NEAR, place + NEAR + 1)
    section = {id(one) for one in lesson.sections.get(titles[0], [])}
    everywhere = titles[0] in {"", "Objectives", "Exercises", "Summary"}
    return set().union(
        *(
            numbers
            for i, (one, numbers) in enumerate(zip(lesson.cells, evidence, strict=True))
            if everywhere or i in near or id(one) in section
        )
    )


def _prose_cells(lesson):
    sources = lesson.sections.get("Sources", [])
    return [cell for cell in lesson.markdown if not any(cell is one for one in sources)]


def _sources(lesson):
    return "\n".join(cell.source for cell in lesson.sections.get("Sources", []))


def _prose(source, keep_code=False):
    """Markdown without code, addresses, tags and list numbers; with `keep_code`, blocks of code are read as text."""
    source = re.sub(r"^ *(```|~~~).*$", "", source, flags=re.MULTILINE) if keep_code else without_fences(source)
    text = re.sub(r"\$\$.*?\$\$", lambda block: block[0].replace("\n", " "), source, flags=re.DOTALL)
    # Numbers do not hide in type for code.
    text = re.sub(r"(`+)([^\n]*?)\1", lambda code: code[2] if BARE.fullmatch(code[2]) else "`code`", text)
    text = re.sub(r"\]\([^)\s]*(?:\([^)\s]*\))?[^)]*\)", "]", text)
    text = re.sub(r"<?https?://[^\s>)]+>?|<[^>\n]+>|&#?\w+;|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"(?<![^\W_])_(?=[^\s_])|(?<=[^\s_])_(?![^\W_])", "", text)
    return re.sub(r"^(\s*>?\s*)\d+\. ", r"\1", text, flags=re.MULTILINE)


def _exercise(cell, lesson):
    """The id of the exercise that `cell` states or solves, or ""."""
    names = [one.get("id", "") for one in lesson.cells]
    place = next(i for i, one in enumerate(lesson.cells) if one is cell)
    return next((name for name in names[place : place + 2] if re.match(r"exercise-\d+", name)), "")


def _evidence(cell):
    return "\n".join([cell.source, *(printed(output) for output in cell.outputs)])


def _tokens(text):
    """(number as written, percent sign or scale word after it) for each number of the text that needs a reason."""
    for written, meant in {"{,}": ",", r"\,": "\u202f", "..": " .. "}.items():
        text = text.replace(written, meant)
    text = re.sub(r"(?<=\d)[x×](?=\d)", " x ", WORDED.sub(_in_digits, text))
    for match in NUMBER.finditer(text):
        token = match[0]
        after = re.match(rf"[ \u00a0\u202f]?(\\?%|…|(?:{'|'.join(SCALES)})\b)", text[match.end() :])
        unit = after[1].lstrip("\\") if after else ""
        if not (token.isdigit() and int(token) <= SMALL and not unit):
            # A minus sign between two things is no part of a number.
            minus = re.search(r"(?:^|[\s(\[{=,:|$])([-−])$", text[: match.start()])
            yield ("-" if minus else "") + token, unit


def _in_digits(match):
    tens, ones = match["tens"].lower(), (match["ones"] or "zero").lower()
    return str(TENS[tens] + ONES.index(ones))


def _bare(token):
    return re.sub(rf"[{SPACES}_%]|[a-zA-Z]+$", "", token) if not re.search(r"\de-?\d", token) else token


def _numbers(text):
    """The values in code or in output, and without their signs; underscores and commas may group digits."""
    text = re.sub(r"(?<=\d)[_,\u202f](?=\d{3}(?!\d))", "", text)
    found = re.findall(r"([-−] ?)?((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)", text)
    values = {float(token) for _minus, token in found} | {-float(token) for minus, token in found if minus}
    return {value for value in values if math.isfinite(value)} | _quotients(text)


def _quotients(text):
    """The values of fractions such as 7/9."""
    pairs = re.findall(r"(?<![\d./])([-−]?)(\d+)/(\d+)(?![\d./])", text)
    values = {(int(over) / int(under), bool(minus)) for minus, over, under in pairs if int(under)}
    return {value for value, _minus in values} | {-value for value, minus in values if minus}


def _agrees(token, unit, values):
    """Whether `token` is one of `values`, rounded to the digits that are written."""
    bare = _bare(token)
    said = float(bare)
    digits = len(bare.split("e")[0].partition(".")[2])
    slack = 0.5 * 10.0**-digits * (1 + 1e-9) if "e" not in bare else 1e-9 * abs(said)
    if unit == "…":
        return any(-1e-12 <= value - said < 10.0**-digits for value in values)
    scales = [1.0, 0.01] if unit == "%" else [SCALES.get(unit, 1.0)]
    return any(abs(value / scale - said) <= slack for value in values for scale in scales)


def _reason(key, reason, lesson):
    """What is wrong with one entry of tests/prose."""
    token, unit = next(_tokens(key), (key, ""))
    if isinstance(reason, str):
        return None if len(reason.strip()) >= 10 else f"gives {key} the reason {reason!r}; say where it comes from"
    if isinstance(reason, dict) and set(reason) == {"cell"}:
        cell = lesson.by_id(reason["cell"])
        there = cell is not None and cell.cell_type == "code" and _agrees(token, unit, _numbers(_evidence(cell)))
        return None if there else f"says {key}, but the cell {reason['cell']} does not print {key}"
    if not isinstance(reason, dict) or set(reason) != {"expression", "equals"}:
        return f"gives {key} neither a sentence, nor a cell, nor a table of expression and equals"
    names = {node.id for node in ast.walk(ast.parse(reason["expression"])) if isinstance(node, ast.Name)}
    scope = {"np": importlib.import_module("numpy")}
    for name in names:
        if importlib.util.find_spec(f"lessons_lib.{name}"):
            scope[name] = importlib.import_module(f"lessons_lib.{name}")
    value = eval(reason["expression"], scope)
    if not math.isclose(value, reason["equals"], rel_tol=1e-9):
        return f"says {key}, but {reason['expression']} is {value} and not {reason['equals']}"
    if not _agrees(token, unit, {abs(float(value))}):
        return f"says {key}, but {reason['expression']} is {value}"
    return None
