"""What a borrowed network is to learn anew: patches of three textures, pictures of clothes, photos of one's own."""

import numpy as np

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.transfer import resize, scale

TEXTURES = ("brick", "grass", "gravel")
PATCH = 48
GAP = 32  # columns of a photo between the part for training and the part for testing
ZOOM = (32, 96)  # sides of the squares that are cut out, before they become 48 x 48


def classes(task):
    """The names of a task's classes, in the order of their labels.

    Parameters
    ----------
    task : {"textures", "clothes"}

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there is no such task.

    Examples
    --------
    >>> classes("textures"), len(classes("clothes"))
    (['brick', 'grass', 'gravel'], 10)
    """
    names = {
        "textures": [_("brick"), _("grass"), _("gravel")],
        "clothes": [
            _("T-shirt"), _("trousers"), _("pullover"), _("dress"), _("coat"), _("sandal"), _("shirt"), _("sneaker"),
            _("bag"), _("boot"),
        ],
    }  # fmt: skip
    return names[validate.choice(task, "task", names)]


def textures(per_class, part="train", seed=0):
    """Patches of brick, grass and gravel, standardised, in three equal channels.

    Parameters
    ----------
    per_class : int
    part : {"train", "test"}
    seed : int

    Returns
    -------
    pictures : ndarray of float32, shape (3 * per_class, 48, 48, 3)
    labels : ndarray of int, shape (3 * per_class,)

    Examples
    --------
    >>> pictures, labels = textures(2)
    >>> pictures.shape, labels.tolist()
    ((6, 48, 48, 3), [0, 0, 1, 1, 2, 2])
    """
    validate.choice(part, "part", ["train", "test"])
    # Others for testing than for training, whatever the seed.
    generator = np.random.default_rng([validate.whole(seed, "seed", low=0), int(part == "test")])
    cut = [patches(data.load(name), per_class, part, generator) for name in TEXTURES]
    return in_colour(standardise(np.concatenate(cut))), np.repeat(np.arange(len(TEXTURES)), per_class)


def clothes(per_class, part="train", seed=0):
    """Pictures of Fashion-MNIST, enlarged to 48 x 48 and scaled, in three equal channels.

    Parameters
    ----------
    per_class : int
        Up to 1 000 for training and 200 for testing.
    part : {"train", "test"}
    seed : int
        Chooses which.

    Returns
    -------
    pictures : ndarray of float32, shape (10 * per_class, 48, 48, 3)
    labels : ndarray of int, shape (10 * per_class,)

    Examples
    --------
    >>> clothes(1)[0].shape
    (10, 48, 48, 3)
    """
    validate.choice(part, "part", ["train", "test"])
    everything = data.load("fashion-mnist")
    rows = slice(0, 10_000) if part == "train" else slice(10_000, None)
    images, labels = everything["images"][rows], everything["labels"][rows].astype(int)
    most = int(np.bincount(labels).min())
    per_class = validate.whole(per_class, "per_class", 1, most)
    generator = np.random.default_rng([validate.whole(seed, "seed", low=0), int(part == "test")])
    chosen = np.concatenate([generator.permutation(np.flatnonzero(labels == label))[:per_class] for label in range(10)])
    large = np.array([resize(image, PATCH) for image in images[chosen]])
    return in_colour(scale(large)), labels[chosen]


def patches(photo, count, part="train", seed=0):
    """Square pieces of one half of a photo, at random places, of random size, turned by quarters, all made 48 x 48.

    The left part of the photo is for training, the right one for testing; 32 columns between them are never used, so
    that no pixel, and no pixel's neighbour, is in both.

    Parameters
    ----------
    photo : array_like of shape (M, N)
        Grey, with at least 96 rows and 2 x 96 + 32 columns.
    count : int
    part : {"train", "test"}
    seed : int or numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (count, 48, 48)

    Raises
    ------
    TypeError, ValueError
        If the photo is too small or there is no such part.

    Examples
    --------
    >>> patches(np.zeros((512, 512)), 5).shape
    (5, 48, 48)
    """
    photo = validate.array(photo, "photo", axes=2)
    first, last = halves(photo.shape[1])[validate.choice(part, "part", ["train", "test"])]
    smallest, largest = ZOOM
    if photo.shape[0] < largest or last - first < largest:
        raise ValueError(f"photo of shape {photo.shape} is too small; give {largest} × {2 * largest + GAP} or more")
    generator = seed if hasattr(seed, "permutation") else np.random.default_rng(validate.whole(seed, "seed", 0))
    cut = []
    for _k in range(validate.whole(count, "count")):
        side = generator.integers(smallest, largest, endpoint=True)
        row = generator.integers(0, photo.shape[0] - side, endpoint=True)
        column = generator.integers(first, last - side, endpoint=True)
        piece = resize(photo[row : row + side, column : column + side], PATCH)
        cut.append(np.rot90(piece, generator.integers(4)))
    return np.array(cut)


def halves(columns):
    """First column, and the one after the last, of the part for training and of the part for testing.

    Parameters
    ----------
    columns : int

    Returns
    -------
    dict of str to (int, int)

    Examples
    --------
    >>> halves(512)
    {'train': (0, 240), 'test': (272, 512)}
    """
    columns = validate.whole(columns, "columns", 2 + GAP)
    middle = columns // 2
    return {"train": (0, middle - GAP // 2), "test": (middle + GAP // 2, columns)}


def standardise(pictures):
    """Each picture with mean 0 and standard deviation 1, so that neither brightness nor contrast tells the class.

    Parameters
    ----------
    pictures : array_like of shape (B, M, N)

    Returns
    -------
    ndarray of float32, shape (B, M, N)
        A picture of one grey becomes 0 everywhere.

    Examples
    --------
    >>> standardise(np.array([[[2, 4]], [[5, 5]]])).tolist()
    [[[-1.0, 1.0]], [[0.0, 0.0]]]
    """
    pictures = validate.array(pictures, "pictures", axes=3).astype(float)
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    deviation = centred.std(axis=(1, 2), keepdims=True)
    return (centred / np.where(deviation > 0, deviation, 1)).astype(np.float32)


def in_colour(pictures):
    """Grey pictures as a network of colour pictures takes them: three equal channels.

    Parameters
    ----------
    pictures : array_like of shape (B, M, N)

    Returns
    -------
    ndarray of float32, shape (B, M, N, 3)

    Examples
    --------
    >>> in_colour(np.zeros((2, 48, 48))).shape
    (2, 48, 48, 3)
    """
    pictures = validate.array(pictures, "pictures", axes=3, low=-1e30, high=1e30).astype(np.float32)
    return np.repeat(pictures[..., None], 3, axis=-1)


def halve(labels, seed=0):
    """Half of each class to learn from, half to test with; of an odd number the larger part is learned from.

    Parameters
    ----------
    labels : array_like of int, shape (B,)
    seed : int

    Returns
    -------
    train, test : ndarray of int
        Places in `labels`, in order.

    Examples
    --------
    >>> train, test = halve([0, 0, 0, 1, 1])
    >>> len(train), len(test)
    (3, 2)
    """
    labels = validate.array(labels, "labels", axes=1)
    generator, train, test = np.random.default_rng(validate.whole(seed, "seed", 0)), [], []
    for label in np.unique(labels):
        mine = generator.permutation(np.flatnonzero(labels == label))
        half = -(-len(mine) // 2)
        train.extend(mine[:half])
        test.extend(mine[half:])
    return np.sort(np.array(train, dtype=int)), np.sort(np.array(test, dtype=int))


def own_photos(path="my-photos"):
    """Photos of your own, where there is such a folder; a sentence and a stand-in where there is none.

    Parameters
    ----------
    path : str or pathlib.Path
        As in `data.folder`.

    Returns
    -------
    data.Photos
        The stand-in has 16 tiles each of brick, grass and gravel, which share no pixel.

    Raises
    ------
    TypeError, ValueError
        As `data.folder` does, when the folder is there and something is wrong with it.

    Examples
    --------
    >>> print(own_photos("no-such-photos"))
    There is no folder data/no-such-photos yet, so this section runs on tiles of brick, grass and gravel.
    48 photos in 3 classes: brick 16, grass 16, gravel 16.
    """
    try:
        return data.folder(path)
    except FileNotFoundError:
        text = _("There is no folder data/{path} yet, so this section runs on tiles of brick, grass and gravel.")
        print(text.format(path=path))
    side = 128
    tiles = [
        photo[row : row + side, column : column + side]
        for photo in map(data.load, TEXTURES)
        for row in range(0, 512, side)
        for column in range(0, 512, side)
    ]
    tiles = [np.repeat(tile[..., None], 3, axis=-1) for tile in tiles]
    return data.Photos(tiles, np.repeat(np.arange(3), 16), classes("textures"), [])
