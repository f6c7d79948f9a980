"""Open JupyterLab on the first lesson, or on the notebook named; arguments go to JupyterLab."""

import contextlib
import os
import sys

from jupyterlab.labapp import main

import notebooks
import start_over

# As the lessons were run and measured: a second thread does not pay for these sizes, and the page wants a core too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
with contextlib.suppress(OSError):
    start_over.remember()
arguments = ["--LabApp.extension_manager=readonly", f"--ServerApp.root_dir={notebooks.ROOT}"]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # In a container everyone is root, and Jupyter would refuse.
    arguments.append("--allow-root")
if not any(argument.endswith(".ipynb") for argument in sys.argv):
    arguments.append(str(notebooks.lessons("en")[0]))
sys.exit(main([*arguments, *sys.argv[1:]]))
