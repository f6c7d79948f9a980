"""The form of a rewritten lesson: how much there is to read and to do, how long it takes, its words and symbols.

A code cell is known by its source: `questions.warm_up()`, `questions.predict("id")`, `panels.Name(...)` at its end, a
game when the name ends in Game. A task has the id `task-...`; the cell below it is `task-...-solution`.
"""

import ast
import contextlib
import importlib
import itertools
import re
from collections import Counter

from formatting import output_text, read_text
from gates.documents import PICTURE, without_fences
from lessons_lib.core import words as course_words
from lessons_lib.widgets import predict

# Minutes besides reading, by what three readers of lesson 2 needed; a task that writes code is counted as both.
MINUTES = {
    "picture": 0.3, "teaching cell": 1, "prediction": 1.5, "panel": 5, "game": 8, "warm-up": 4, "task": 6,
    "code task": 6,
}  # fmt: skip
WORDS_A_MINUTE, START, TALK = 100, 5, 5
TOLERANCE = 1
OPENING = "before the first heading or cell"
# The least and the most.
BOUNDS = {
    "in class": {
        "words": (0, 1700), "minutes": (0, 90), "teaching cell": (0, 12), "panel": (1, 2), "task or game": (2, 4)
    },
    "at home": {
        "words": (0, 700), "minutes": (0, 45), "teaching cell": (0, 6), "panel": (0, 1), "task or game": (2, 3)
    },
    "in a lesson": {"prediction": (4, 7), "code task": (2, 7), "word in bold": (0, 15)},
    "in a further notebook": {"words": (0, 1500), "code cell": (0, 18), "panel": (0, 2), "task or game": (2, 3)},
    OPENING: {"words": (0, 120)},
}  # fmt: skip
# These sections have no minutes.
LAST = {"What you can do now", "Sources"}
END = ("questions.results(", "ten_words(", "further(")
# What a reader does not read through; what stands for true or false; an array.
FORMULA = r"\$\$.*?\$\$|\$[^$\n]+\$"
PASSED_OVER = rf"<details>.*?</details>|{FORMULA}|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^>\n]+>"
WORD = re.compile(r"\S*\w\S*")
TRUTH = re.compile(r"\b(?:True|False)\b|: *(?:yes|no)$|\bdifference: *0(?:\.0*)?$", re.MULTILINE)
GREEK = r"\\(?:var)?(?:alpha|beta|gamma|delta|epsilon|eta|theta|lambda|mu|pi|rho|sigma|tau|phi|omega)\b"
NO_LETTERS = rf"\\(?:text|mathrm|operatorname|begin|end)\*?\{{[^}}]*\}}|(?!{GREEK})\\[a-zA-Z]+"
ARRAY = re.compile(r"\[[-+\d\s.,e\[\]…]*\]")


def seen(text):
    """Markdown as a reader reads it: no folds, blocks of code, formulas, addresses.

    >>> seen("The *sum* of `a`, $x$.<details>no</details> [b](c.md)").split()
    ['The', '*sum*', 'of', '`a`,', '.', '[b']
    """
    return re.sub(PASSED_OVER, " ", without_fences(text), flags=re.DOTALL)


def kind(cell):
    """What a code cell is: part of the frame, a task, or a cell that teaches."""
    last = (re.findall(r"^[^\s)#].*", cell.source, re.MULTILINE) or [""])[-1]
    if found := re.search(r"\bquestions\.(predict|warm_up)\(", cell.source):
        return {"predict": "prediction", "warm_up": "warm-up"}[found[1]]
    if re.match(r"panels\.\w*Game\(", last):
        return "game"
    if cell.id.startswith("task-"):
        return "task"
    if cell.id == "imports" or any(end in cell.source for end in END):
        return "frame"
    return "panel" if last.startswith("panels.") or "panel" in cell.metadata.get("tags", []) else "teaching cell"


def questions(lesson, cell):
    """What a cell asks, by id, or None if no bank has it; a warm-up names lessons, too: "images/row-column"."""
    own = importlib.import_module(f"lessons_lib.{lesson.package}.questions")
    names = re.findall(r"\bpredict\(\W([\w-]+)", cell.source) or own.WARM_UP
    found = {}
    for name in names:
        with contextlib.suppress(ValueError, ImportError):
            found[name] = predict.earlier(own.__name__, name if "/" in name else f"{lesson.package}/{name}")
    return {name: found.get(name) for name in names}


def text_of(question):
    """A question and its choices, one a line; nothing of a question that is not there."""
    choices = question.choices.values() if question and isinstance(question.choices, dict) else []
    return "\n- ".join([question.text, *choices]) if question else ""


def counted(lesson, cells):
    """How many words, minutes, pictures, predictions, tasks and so on these cells hold."""
    count, text = Counter(), ""
    for cell in cells:
        if cell.cell_type == "markdown":
            text += f"\n\n{cell.source}"
            continue
        what = kind(cell)
        count[what] += 1
        if what in ("prediction", "warm-up"):
            text += "\n".join(map(text_of, questions(lesson, cell).values()))
        elif what in ("task", "teaching cell"):
            count["picture"] += sum("image/png" in output.get("data", {}) for output in cell.outputs)
            written = cell.source + lesson.solution(cell.id)
            count["code task"] += what == "task" and "def " in written
    count["words"] = len(WORD.findall(seen(text)))
    count["picture"] += len(PICTURE.findall(without_fences(text)))
    count["task or game"] = count["task"] + count["game"]
    count["minutes"] = count["words"] / WORDS_A_MINUTE + sum(each * count[what] for what, each in MINUTES.items())
    return count


def sections(lesson):
    """The title of each `##` section and what is counted there; the opening belongs to the first."""
    cells = {}
    for cell, title in zip(lesson.cells, lesson.sections, strict=True):
        cells.setdefault(title, []).append(cell)
    opening = cells.pop("", [])
    for title, own in cells.items():
        count = counted(lesson, opening + own)
        count["minutes"] += START * (bool(opening) and not lesson.is_further) + TALK * title.startswith("Talk")
        if title != "Sources":
            yield title, count
        opening = []


def as_read(lesson, outputs=True):
    """A lesson as one text: cells, what they ask, and what they show, pictures by their descriptions."""
    blocks = []
    for cell in lesson.cells:
        blocks.append(cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```")
        what = kind(cell) if cell.cell_type == "code" else "text"
        if what in ("prediction", "warm-up"):
            blocks += [f"[question]\n{text_of(question)}" for question in questions(lesson, cell).values()]
            continue
        for output in cell.get("outputs", []) if outputs else []:
            data, text = output.get("data", {}), output_text(output).strip()
            if "text/markdown" in data:
                blocks.append(data["text/markdown"])
            elif what in ("panel", "game") or "image/png" in data:
                blocks.append(f"[{what if what in ('panel', 'game') else 'picture'}: {text}]")
            else:
                blocks.append(f"```output\n{text}\n```")
    return "\n\n".join(blocks)


def parts(lesson):
    """What is counted in class and at home, or in a further notebook."""
    found, where = {}, "in a further notebook" if lesson.is_further else "in class"
    for title, count in sections(lesson):
        where = "at home" if title.startswith("At home") else where
        found[where] = found.get(where, Counter()) + count
    return found


def amounts(lesson):
    """As much to read and to do as fits into the time."""
    found = parts(lesson)
    whole = sum(found.values(), Counter({"code cell": len(lesson.code), "word in bold": len(bold(lesson))}))
    found |= {"in a further notebook": whole} if lesson.is_further else {"in a lesson": whole, OPENING: opening(lesson)}
    for where, count in found.items():
        for what, (least, most) in BOUNDS[where].items():
            if not least <= count[what] <= most + 0.5 * (what == "minutes"):
                many = f"{least} to {most}" if least else f"at most {most}"
                yield None, f"has {count[what]:.0f} of {what} {where}; give {many}"


def opening(lesson):
    """The words before the first section and the first code cell."""
    cells = itertools.takewhile(lambda cell: cell.cell_type == "markdown", lesson.cells)
    text = re.split(r"^##", "\n\n".join(cell.source for cell in cells), flags=re.MULTILINE)[0]
    return Counter(words=len(WORD.findall(seen(text))))


def minutes(lesson):
    """Each heading of a section says the minutes that its section takes."""
    for title, count in sections(lesson):
        said = re.search(r"\((\d+) min\b[^)]*\)$", title)
        if title not in LAST and not (said and abs(int(said[1]) - count["minutes"]) <= TOLERANCE):
            yield None, f"has the section {title!r}; end its heading with ({count['minutes']:.0f} min)"


def frame(lesson):
    """Known questions; a warm-up, a panel before the first formula, a talk, work at home, and the last cells."""
    kinds = [kind(cell) if cell.cell_type == "code" else "" for cell in lesson.cells]
    for cell in (cell for cell, what in zip(lesson.cells, kinds, strict=True) if what in ("prediction", "warm-up")):
        unknown = [name for name, question in questions(lesson, cell).items() if question is None]
        yield from ((cell, f"asks {name!r}, which is in no bank of questions") for name in unknown)
    if lesson.is_further:
        if f"](../{lesson.path.name[:2]}-" not in lesson.text:
            yield None, "has no link to its lesson, `[lesson N](../NN-name.ipynb)`"
        return
    formula = [place for place, cell in enumerate(lesson.cells) if "$$" in cell.source and not kinds[place]]
    if int(lesson.path.name[:2]) > 1 and "warm-up" not in kinds:
        yield None, "has no warm-up; give it a cell `questions.warm_up()`"
    if formula and "panel" not in kinds[: formula[0]]:
        yield lesson.cells[formula[0]], "has a formula before the first panel"
    text = "\n".join(cell.source for cell in lesson.cells)
    if not re.search(r"^## Talk.*?<details>.*^## At home", text, re.MULTILINE | re.DOTALL):
        yield None, "has no `## Talk ...` with a folded answer, and after it `## At home ...`"
    yield from ((None, f"does not show {end}...)") for end in END if end not in text)


def task_solutions(lesson):
    """A task is untouched, and followed by its folded solution, which may stand in place of what holds `...`."""
    for cell, after in zip(lesson.cells, [*lesson.cells[1:], None], strict=True):
        if cell.cell_type == "code" and kind(cell) == "task":
            source = after.source if after and after.get("id") == f"{cell.id}-solution" else ""
            if not re.fullmatch(
                r"<details>\s*<summary>.*^```python\n.*</details>\s*", source, re.DOTALL | re.MULTILINE
            ):
                yield cell, f"is not followed by {cell.id}-solution, folded in <details><summary> and with ```python"
            elif not solved(lesson, cell):
                yield cell, "has no `...` to answer in, or a solution that is not all that stands in place of it"


def solved(lesson, cell):
    """The source of a task with its solution in place of what holds `...`, or "" when that is no Python.

    A solution that is indented stands in place of the line with `...`, any other in place of the whole statement.
    """
    solution = lesson.solution(cell.id)
    try:
        if solution.startswith(" "):
            changed, times = re.subn(
                r"^.*\.\.\..*$", lambda _line: solution.rstrip(), cell.source, count=1, flags=re.MULTILINE
            )
            return ast.unparse(ast.parse(changed)) if times else ""
        task, solution = ast.parse(cell.source), ast.parse(solution)
    except SyntaxError:
        return ""
    unsolved = [one for one in task.body if any(getattr(part, "value", None) is ... for part in ast.walk(one))]
    if not unsolved:
        return ""
    place = task.body.index(unsolved[0])
    task.body = [*task.body[:place], *solution.body, *(one for one in task.body[place:] if one not in unsolved)]
    return ast.unparse(task)


def named_numbers(lesson):
    """What a cell prints are numbers with names, or arrays: no truth value, no number alone."""
    for cell in lesson.code:
        for text in map(output_text, cell.outputs if kind(cell) in ("task", "teaching cell") else []):
            if found := TRUTH.search(text):
                yield cell, f"prints {found[0]!r}; print the two numbers that are compared"
            alone = [line for line in ARRAY.sub("", text).splitlines() if re.fullmatch(r"[\W_]*\d[\W\dex_]*", line)]
            yield from ((cell, f"prints {line!r}; print each number with its name") for line in alone)


def bold(lesson):
    """What is in bold, but for sentences and labels, which end in a sign."""
    text = without_fences("\n\n".join(cell.source for cell in lesson.markdown))
    return {term.lower() for term in re.findall(r"\*\*([^*\n]+)\*\*", text) if term[-1] not in ".:?!"}


def names(row):
    """The names of one thing: `kernel (filter, mask)` has three."""
    return [name for name in re.split(r" *[(,)] *", row["word"].lower()) if name]


def words(lesson):
    """The ten words of docs/words.md are in bold in their lesson, and in no other."""
    if lesson.is_further:
        return
    own, there = lesson.path.name[:2].lstrip("0"), bold(lesson)
    there |= {term.removesuffix("s") for term in there}
    for row in course_words.words():
        used = there.intersection(names(row))
        if row["lesson"] == own and not used:
            yield None, f"has not {row['word']!r} in bold, one of its ten words in docs/words.md"
        elif row["lesson"] != own and used:
            yield None, f"has {used.pop()!r} in bold, which lesson {row['lesson']} explains"


def letters(text):
    """The letters of the formulas of markdown, Greek ones too.

    >>> sorted(letters(r"$w_1 \\cdot \\varepsilon$ `$N$` $$\\text{size } F$$"))
    ['F', '\\\\varepsilon', 'w']
    """
    formulas = "".join(re.findall(FORMULA, re.sub(r"(`+)[^\n]*?\1", "", without_fences(text)), re.DOTALL))
    return set(re.findall(rf"{GREEK}|[a-zA-Z]", re.sub(NO_LETTERS, "", formulas)))


def symbols(lesson):
    """Every letter in a formula is in the table of docs/symbols.md, where it has its one meaning."""
    table = re.findall(r"^\|([^|]*)\|", read_text(course_words.COURSE / "docs" / "symbols.md"), re.MULTILINE)
    known = letters("\n".join(table))
    for cell in lesson.markdown:
        if unknown := letters(cell.source) - known:
            yield cell, f"has {', '.join(sorted(unknown))} in a formula; take a symbol of docs/symbols.md"


GATES = [amounts, minutes, frame, task_solutions, named_numbers, words, symbols]
