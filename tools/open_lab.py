"""Open JupyterLab on the student's copy of the first lesson, or on the notebook named; arguments go to JupyterLab."""

import os
import sys
from pathlib import Path

import notebooks
import workbook

# As the lessons were run and measured: a second thread does not pay for these sizes, and the page wants a core too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("JUPYTER_CONFIG_PATH", str(notebooks.ROOT / "tools" / "jupyter"))
arguments = ["--LabApp.extension_manager=readonly"]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # In a container everyone is root, and Jupyter would refuse.
    arguments.append("--allow-root")
named = [argument for argument in sys.argv[1:] if argument.endswith(".ipynb")]
root = notebooks.ROOT / workbook.FOLDER
if any(root not in Path(notebook).resolve().parents for notebook in named):
    # Whoever writes a lesson works on the lesson itself.
    root = notebooks.ROOT
else:
    for sentence in workbook.update():
        print(sentence)
    if not root.is_dir():
        sys.exit(1)
    arguments += [] if named else [str(workbook.copy_of(notebooks.lessons("en")[0]))]
arguments.append(f"--ServerApp.root_dir={root}")

from jupyterlab.labapp import main  # noqa: E402 (Jupyter reads the settings above)

sys.exit(main([*arguments, *sys.argv[1:]]))
