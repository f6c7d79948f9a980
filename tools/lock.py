"""Make both lock files again: versions and hashes for every platform, and no address of a registry.

python tools/lock.py             what is locked stays where it can
python tools/lock.py --upgrade   the newest versions that pyproject.toml allows
"""

import subprocess
import sys

from course import LOCKS, ROOT

COMPILE = [
    sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "pyproject.toml", "--group", "lab",
]  # fmt: skip

for more in (["-o", LOCKS["lab"]], ["--group", "test", "-c", LOCKS["lab"], "-o", LOCKS["test"]]):
    subprocess.run([*COMPILE, *sys.argv[1:], *more], cwd=ROOT, check=True)
