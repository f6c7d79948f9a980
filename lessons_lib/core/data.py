"""The course's data: `load("portrait")` gives the numbers after checking that the file is still the one registered.

`photo("me.jpg")` and `folder("my-photos")` read photos of your own. Nothing is ever downloaded. The files lie in
`data/`, beside `data/registry.toml`, which says of each what it must be (SHA-256, shape, dtype) and where it is from
(source, licence, credit). Photos are read from scikit-image's own folder.
"""

import csv
import difflib
import hashlib
import io
import tomllib
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lessons_lib.core import record, validate
from lessons_lib.core.i18n import _

FOLDER = Path(__file__).resolve().parents[2] / "data"

# scikit-image knows these photos by name too, but would fetch them from the network.
DOWNLOADED = {
    "brain",
    "cells3d",
    "eagle",
    "human_mitosis",
    "kidney",
    "lily",
    "nickel_solidification",
    "palisades_of_vogt",
    "protein_transport",
    "skin",
    "vortex",
}


def load(name):
    """The data of this name, from files on this machine, verified; each call reads them anew.

    A picture is an array of shape (M, N), or (M, N, 3) in colour, of uint8 in 0..255. `mnist` and `fashion-mnist` are
    a dict: `images` of shape (K, 28, 28) and `labels` of shape (K,), uint8; the last 2 000 are meant for testing, no
    image is there twice, and the first ones have all classes. Weights are a dict of arrays by name, class names a
    list, a table with words in it a list with a dict for each row, photos by class what `folder` gives.

    >>> load("portrait")[0, :4].tolist()
    [9, 1, 29, 70]
    >>> load("mnist")["images"].shape
    (10000, 28, 28)
    """
    entry = _entry(name)
    content = _verified(name, entry)
    kind = Path(entry["file"]).suffix
    if not kind:
        return folder(FOLDER / entry["file"])
    if kind == ".csv" and entry["dtype"] == "dict":
        return [
            {key: _value(text) for key, text in row.items()} for row in csv.DictReader(io.StringIO(content.decode()))
        ]
    if kind == ".csv":
        return np.loadtxt(io.BytesIO(content), delimiter=",", dtype=entry["dtype"])
    if kind == ".txt":
        return content.decode("utf-8").splitlines()
    if kind == ".npz":
        with np.load(io.BytesIO(content)) as arrays:
            return dict(arrays)
    from PIL import Image

    return np.array(Image.open(io.BytesIO(content)))


def photos():
    """The names of the photos, in the registry's order.

    >>> photos()[:3]
    ['camera', 'astronaut', 'coffee']
    """
    return [name for name, entry in _registry().items() if "package" in entry]


def photo(name, largest=512):
    """A photo of your own as grey levels: uint8 of shape (M, N), at most `largest` pixels a side.

    It is looked for in `workbook/photos`, when the notebook lies in a workbook, then here and in `data`. A colour photo
    becomes its luminance, as in lesson 1.

    >>> photo("no-such-photo.jpg")
    Traceback (most recent call last):
    FileNotFoundError: there is no photo 'no-such-photo.jpg' here, nor in data; copy it into data
    """
    largest = validate.whole(largest, "largest")
    _named(name, "name", "the name of a photo such as 'me.jpg'")
    places = _places()
    file = next((place / name for place in places if (place / name).exists()), None)
    if file is None:
        where = _where()
        there = [one.name for one in sorted(places[0].glob("[!.]*")) if one.name != "README.txt"]
        others = f", or choose one that is there: {', '.join(there)}" if there and record.workbook() else ""
        raise FileNotFoundError(f"there is no photo {name!r} here, nor in {where}; copy it into {where}{others}")
    if file.is_dir():
        raise ValueError(f"{file} is a folder; give the name of one photo, such as '{name}/me.jpg'")
    picture, reason = _picture(file, largest)
    if reason:
        raise ValueError(f"{file} {reason}; save it anew as JPEG or PNG")
    return np.rint(picture @ np.array([0.2126, 0.7152, 0.0722])).astype(np.uint8)


class Photos(NamedTuple):
    """Photos of your own, read by `folder`.

    >>> print(Photos([np.zeros((4, 6, 3), np.uint8)] * 2, np.array([0, 1]), ["cat", "dog"], []))
    2 photos in 2 classes: cat 1, dog 1.
    """

    images: list
    labels: np.ndarray
    classes: list
    skipped: list

    def __str__(self):
        counts = np.bincount(self.labels, minlength=len(self.classes))
        classes = ", ".join(f"{name} {count}" for name, count in zip(self.classes, counts, strict=True))
        text = _("{photos} photos in {count} classes: {classes}.")
        said = [text.format(photos=len(self.images), count=len(self.classes), classes=classes)]
        if self.skipped:
            files = "; ".join(f"{name} ({reason})" for name, reason in self.skipped)
            said.append(_("Skipped: {files}.").format(files=files))
        return " ".join(said)


def folder(path, largest=512):
    """Photos of your own, at most `largest` pixels a side, from a folder that holds a folder for each class, named so.

    They may have any size, be grey, transparent (white shows through) or turned by the camera. What is no picture is
    skipped and named, whatever its name ends with. `folder("my-photos")` is `workbook/photos/my-photos`, when the
    notebook lies in a workbook, or else a folder here or in `data`.

    >>> folder("no-such-photos")
    Traceback (most recent call last):
    FileNotFoundError: there is no folder no-such-photos, nor data/no-such-photos; make one with a folder of photos ...
    """
    largest = validate.whole(largest, "largest")
    place = _place(path)
    kept, skipped = {}, []
    for entry in sorted(place.iterdir()):
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            skipped.append((entry.name, _("lies beside the folders of the classes, not in one of them")))
            continue
        kept[entry.name] = []
        for file in sorted(entry.iterdir()):
            if file.name.startswith("."):
                continue
            picture, reason = _picture(file, largest)
            if reason:
                skipped.append((f"{entry.name}/{file.name}", reason))
            else:
                kept[entry.name].append(picture)
    _enough(place, kept, skipped)
    labels = np.repeat(np.arange(len(kept)), [len(pictures) for pictures in kept.values()])
    return Photos([picture for pictures in kept.values() for picture in pictures], labels, list(kept), skipped)


def _named(path, name, what):
    if not isinstance(path, (str, Path)) or not str(path).strip():
        raise TypeError(f"{name} is {path!r} of type {type(path).__name__}; give {what}")


def _places():
    """Where photos of one's own are looked for, the first place first."""
    workbook = record.workbook()
    return [*([workbook / "photos"] if workbook else []), Path(), FOLDER, FOLDER.parent]


def _where():
    """Where photos of one's own belong."""
    return "workbook/photos" if record.workbook() else "data"


def _place(path):
    _named(path, "path", "the name of a folder such as 'my-photos'")
    for place in (place / path for place in _places()):
        if place.is_dir():
            return place
        if place.exists():
            raise ValueError(f"{place} is a file; give the folder that holds one folder of photos for each class")
    where = _where()
    raise FileNotFoundError(
        f"there is no folder {path}, nor {where}/{path}; make one with a folder of photos for each class in it, "
        f"such as {where}/{Path(path).name}/cat and {where}/{Path(path).name}/dog"
    )


def _picture(file, largest):
    """An RGB picture and None, or None and the reason why not."""
    from PIL import Image, ImageOps

    if file.is_dir():
        return None, _("is a folder inside the folder of a class")
    if not file.is_file():
        # A named pipe would be waited for without end.
        return None, _("is no file that holds anything")
    try:
        with warnings.catch_warnings():
            # Pillow warns of huge pictures and of odd tags; what matters is whether it can read them.
            warnings.simplefilter("ignore")
            with Image.open(file) as image:
                if image.mode.startswith(("I", "F")):
                    image = _as_bytes(image)
                image.thumbnail((largest, largest), Image.Resampling.BILINEAR)
                image = ImageOps.exif_transpose(image).convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return np.array(Image.alpha_composite(white, image).convert("RGB")), None
    except Image.DecompressionBombError:
        return None, _("has too many pixels to be a photo")
    except Image.UnidentifiedImageError:
        return None, _("is empty") if not file.stat().st_size else _(
            "is no picture, or of a kind that is not read here"
        )
    # A broken file may make any part of a decoder fail, in any way.
    except Exception as error:
        return None, _("is broken: {error}").format(error=str(error) or type(error).__name__)


def _as_bytes(image):
    """Grey levels of 16 or 32 bits as 8 bits: whole numbers of 16 bits keep their scale, others fill the range."""
    from PIL import Image

    levels = np.nan_to_num(np.array(image, dtype=float))
    low, high = (0, 65535) if image.mode.startswith("I;16") else (levels.min(), levels.max())
    if image.mode == "I" and low >= 0 and 255 < high <= 65535:
        low, high = 0, 65535
    grey = Image.fromarray(np.clip((levels - low) / max(high - low, 1e-12) * 255, 0, 255).astype(np.uint8))
    grey.info["exif"] = image.getexif().tobytes()
    return grey


def _enough(place, kept, skipped):
    if len(kept) < 2:
        found = f"only the folder {next(iter(kept))!r}" if kept else "no folder"
        raise ValueError(f"{place} holds {found}; give two or more, one for each class, with photos in them")
    empty = [name for name, pictures in kept.items() if not pictures]
    if empty:
        files = "; ".join(f"{name} {reason}" for name, reason in skipped if name.split("/")[0] in empty)
        raise ValueError(
            f"the class {empty[0]!r} in {place} holds no picture that can be read{f' ({files})' if files else ''}; "
            "put photos into it or remove it"
        )


def _value(text):
    """A cell of a table: a number where it is one, None where nothing is."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text or None


def _registry():
    path = FOLDER / "registry.toml"
    if not FOLDER.is_dir():
        raise FileNotFoundError(
            f"the folder {FOLDER} is missing: the course's data comes with its repository, not with the installed "
            "package; clone the repository and install it from there with `pip install -e .`"
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{path} is missing; get it back with `git checkout -- data/{path.name}`") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} cannot be read as TOML ({error}); get it back with `git checkout -- data/{path.name}`"
        ) from error


def _entry(name):
    if not isinstance(name, str):
        raise TypeError(f"name is {name!r} of type {type(name).__name__}; give a string such as 'portrait'")
    entries = _registry()
    if name in entries:
        return entries[name]
    reason = "is not the name of any data here"
    if name in DOWNLOADED:
        reason = "is a photo that scikit-image would download, and the course's data never comes from the network"
    near = difflib.get_close_matches(name.lower(), entries, cutoff=0.5)
    guess = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise ValueError(f"name {name!r} {reason}; {guess}choose one of {', '.join(entries)}")


def _locate(name, entry):
    """The file of an entry, and what to do when something is wrong with it."""
    if "package" not in entry:
        remedy = f"get it back with `git checkout -- data/{entry['file']}` or make it with `python {entry['made_by']}`"
        return FOLDER / entry["file"], remedy
    package = find_spec("skimage")
    if package is None or package.origin is None:
        raise FileNotFoundError(
            f"the photo {name!r} lies inside scikit-image, which is not installed here; `pip install scikit-image`"
        )
    registered = entry["source"].replace(" ", "==")
    remedy = f"the photo registered is that of {registered}: `pip install --force-reinstall {registered}`"
    return Path(package.origin).parent / "data" / entry["file"], remedy


def _verified(name, entry):
    path, remedy = _locate(name, entry)
    if not path.exists():
        raise FileNotFoundError(f"{path}, the file of {name!r}, is missing; {remedy}")
    if path.is_dir():
        inside = sorted(one for one in path.rglob("[!.]*") if one.is_file())
        content = b"".join(one.relative_to(path).as_posix().encode() + one.read_bytes() for one in inside)
    else:
        content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != entry["sha256"]:
        raise ValueError(
            f"{path}, the file of {name!r}, is damaged or changed: its SHA-256 begins with {found[:12]}, "
            f"registered is {entry['sha256'][:12]}; {remedy}"
        )
    return content
