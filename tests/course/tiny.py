"""The smallest lesson that every gate lets through, and saving a changed one."""

import nbformat.v4 as v4

from formatting import as_text, write
from gates import Lesson

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
ALT = "one grey pixel in a picture"
SOLUTION = "<details><summary>Solution</summary>\n\nIt is 2.\n\n```python\nanswer = 2\n```\n\n</details>"
CELLS = {
    "title": "# 1. Tiny\n\nThe smallest lesson that every gate lets through: [a sum](#One-sum).",
    "imports": "import numpy as np\n\nfrom lessons_lib.tiny import checks, figures, panels",
    "sum": "## One sum\n\nThe 20 and the 5.5 are summed.",
    "sum-shown": 'print(f"sum: {20 + 5.5}")  # in one line',
    "sum-read": "The sum is 25.5, about 26, which is 102 % of 25.\nThe year 1998 is in the sources.",
    "pixel": 'figures.pixel(title="A pixel", alt="one grey pixel in a picture")',
    "trained": 'print(f"right: {right}")',
    "panel": 'panels.Pixels("camera")',
    "ones": "## Sum 2 ones",
    "task-ones": "answer = ...\nchecks.ones(answer)",
    "task-ones-solution": SOLUTION,
    "sources": "## Sources\n\n- A. Author, *A sum* (1998).",
}
OUTPUTS = {
    "sum-shown": v4.new_output("stream", text="sum: 25.5\n"),
    "pixel": v4.new_output("display_data", {"image/png": PIXEL, "text/plain": ALT}, metadata={"alt": ALT}),
    "trained": v4.new_output("stream", text="right: 0.97\n"),
    "panel": v4.new_output("execute_result", {"text/plain": "The panel shows 51 of 2000 pixels."}, execution_count=6),
    "task-ones": v4.new_output("execute_result", {"text/plain": "Not answered yet"}, execution_count=7),
}
REASONS = '"102 %" = "25.5 is 102 % of 25, which the reader can see"\n'
BOUNDS = '[01-tiny.trained]\nlow = 0.96\nhigh = 0.98\nwhy = "spread over ten seeds"\n'


def notebook(sources=None, shown=None):
    """The notebook, a new one each time; `shown` has what its code cells show, or None."""
    cells, shown = [], shown or {"imports": None, **OUTPUTS}
    for name, source in (sources or CELLS).items():
        if name in shown:
            count = sum(cell.cell_type == "code" for cell in cells) + 1
            outputs = [v4.new_output(**shown[name])] if shown[name] else []
            cells.append(v4.new_code_cell(source, id=name, execution_count=count, outputs=outputs))
        else:
            cells.append(v4.new_markdown_cell(source, id=name))
        if name == "trained":
            cells[-1].metadata.tags = ["varies"]
    return v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )


def cell(cells, name):
    """The cell with this id."""
    return next(one for one in cells if one.id == name)


def lesson(folder, changed=None, language="en", reasons=REASONS, bounds=BOUNDS, there=None, name="01-tiny"):
    """The lesson as it is after `changed(notebook)`, which may return the text of the file, saved in `folder`."""
    there = there or notebook()
    text = (changed(there) if changed else None) or as_text(there)
    path = folder / "notebooks" / language / f"{name}.ipynb"
    (folder / "notebooks" / "en").mkdir(parents=True)
    (folder / "prose").mkdir()
    write(as_text(notebook()), folder / "notebooks" / "en" / f"{name[-7:]}.ipynb")
    path.parent.mkdir(exist_ok=True)
    write(text, path)
    write(reasons, folder / "prose" / f"{path.stem}.toml")
    write(bounds, folder / "bounds.toml")
    return Lesson(path, folder)
