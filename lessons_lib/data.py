"""The course's data: `load("portrait")` gives the numbers after checking that the file is still the one registered.

Nothing is ever downloaded. The files lie in `data/`, beside `data/registry.toml`, which says of each what it must be
(SHA-256, shape, dtype) and whom to thank (source, licence, credit). Photos are read from scikit-image's own folder.
"""

import difflib
import hashlib
import io
import tomllib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "data"

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
    """The data of this name, from files on this machine, verified.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    ndarray, dict of str to ndarray, or list of str
        A picture is an array of shape (M, N), or (M, N, 3) in colour, of uint8 in [0, 255].
        `mnist` and `fashion-mnist` are a dict: `images` of shape (K, 28, 28) and `labels` of shape (K,), uint8. Their
        last 2 000 are meant for testing; no image is there twice, and the first ones have all classes.
        Weights are a dict of arrays by name, class names a list.
        Each call reads the file anew, so what you change is yours alone.

    Raises
    ------
    TypeError
        If the name is not a string.
    ValueError
        If there is no data of that name, or its file is not the one registered.
    FileNotFoundError
        If its file, the folder `data/` or scikit-image is missing.

    Examples
    --------
    >>> load("portrait")[0, :4].tolist()
    [9, 1, 29, 70]
    >>> load("mnist")["images"].shape
    (10000, 28, 28)
    """
    entry = _entry(name)
    content = _verified(name, entry)
    kind = Path(entry["file"]).suffix
    if kind == ".csv":
        return np.loadtxt(io.BytesIO(content), delimiter=",", dtype=entry["dtype"])
    if kind == ".txt":
        return content.decode("utf-8").splitlines()
    if kind == ".npz":
        with np.load(io.BytesIO(content)) as arrays:
            return dict(arrays)
    from PIL import Image

    return np.array(Image.open(io.BytesIO(content)))


def names():
    """The names that `load` knows, in the registry's order.

    >>> names()[:3]
    ['portrait', 'picture-f', 'mnist']
    """
    return list(_registry())


def credit(name):
    """One line that says where data comes from and who made it, for a caption or a list of sources.

    Parameters
    ----------
    name : str
        One of `names()`.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError
        As `load` does for a name it does not know.

    Examples
    --------
    >>> credit("camera")
    'Lav Varshney; CC0; from scikit-image 0.26.0'
    """
    entry = _entry(name)
    return f"{entry['credit']}; {entry['licence']}; from {entry['source']}"


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
    if not path.is_file():
        raise FileNotFoundError(f"{path}, the file of {name!r}, is missing; {remedy}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != entry["sha256"]:
        raise ValueError(
            f"{path}, the file of {name!r}, is damaged or changed: its SHA-256 begins with {found[:12]}, "
            f"registered is {entry['sha256'][:12]}; {remedy}"
        )
    return content
