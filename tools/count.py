"""How large the project is: `make count` prints the lines of every tracked text file but notebooks, data and locks."""

import subprocess
from collections import Counter
from fnmatch import fnmatch

from notebooks import ROOT

# Area: the paths that belong to it, and the most lines it should have; what is larger is explained where it is said.
AREAS = {
    "lessons_lib": (["lessons_lib/*"], 17_000),
    "tests": (["tests/*", "conftest.py"], 12_500),
    "tools and gates": (["tools/*", "Makefile", ".ci/*"], 2_200),
    "benchmarks": (["benchmarks/*"], None),
    "documents": (["*.md", "docs/*", "LICENSE*"], None),
    "settings": (["*"], None),
}
LEFT_OUT = ["*.ipynb", "*.lock", "data/*", "*.png"]


def main():
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = Counter()
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file() and not any(fnmatch(name, pattern) for pattern in LEFT_OUT):
            area = next(area for area, (patterns, _most) in AREAS.items() if any(fnmatch(name, p) for p in patterns))
            lines[area] += len((ROOT / name).read_text(encoding="utf-8").splitlines())
    for area, (_patterns, most) in AREAS.items():
        print(f"{area:16}{lines[area]:8,}" + (f"   of at most {most:,}" if most else ""))


if __name__ == "__main__":
    main()
