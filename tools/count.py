"""How large the project is: `make count` prints the lines of every tracked text file but notebooks, data and locks."""

import subprocess
from collections import Counter
from fnmatch import fnmatch

from notebooks import ROOT

# Area: the paths that belong to it, and the most lines it should have; what is larger is explained where it is said.
AREAS = {
    "left out": (["*.ipynb", "*.lock", "data/*", "*.png", "web/package*.json", "web/.npmrc"], None),
    "lessons_lib": (["lessons_lib/*"], 17_000),
    "tests": (["tests/*", "conftest.py"], 12_500),
    "web": (["web/*"], 1_300),
    "build of the web": (["tools/web/*", "tools/make_site.py"], 400),
    "tools and gates": (["tools/*", "Makefile", ".ci/*"], 2_200),
    "benchmarks": (["benchmarks/*"], None),
    "documents": (["*.md", "docs/*", "LICENSE*"], None),
    "settings": (["*"], None),
}


def main():
    files = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, encoding="utf-8")
    lines = Counter()
    for name in filter(None, files.split("\0")):
        area = next(area for area, (patterns, _most) in AREAS.items() if any(fnmatch(name, one) for one in patterns))
        if (ROOT / name).is_file() and area != "left out":
            lines[area] += len((ROOT / name).read_text(encoding="utf-8").splitlines())
    for area, (_patterns, most) in list(AREAS.items())[1:]:
        print(f"{area:16}{lines[area]:8,}" + (f"   of at most {most:,}" if most else ""))


if __name__ == "__main__":
    main()
