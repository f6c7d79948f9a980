"""Small data sets for transfer: patches of three textures, and pictures of clothes.

`part` is "train" or "test", and no pixel is in both; `seed` chooses the pictures. Sets are pictures of float32, shape
(B, 48, 48, 3), and their labels. What is too small, or not there, is refused with a ValueError.
"""

import numpy as np

from lessons_lib import data
from lessons_lib.core import validate
from lessons_lib.core.i18n import _
from lessons_lib.transfer import resize, scale

TEXTURES = ("brick", "grass", "gravel")
PATCH = 48
GAP = 32  # columns of a photo between the part for training and the part for testing
ZOOM = (32, 96)  # sides of the squares that are cut out, before they become 48 x 48


def class_names(task):
    """The names of the classes of "textures" or "clothes", in the order of their labels.

    >>> class_names("textures"), len(class_names("clothes"))
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
    """Patches of brick, grass and gravel, standardised, in three equal channels, and their labels.

    >>> pictures, labels = textures(2)
    >>> pictures.shape, labels.tolist()
    ((6, 48, 48, 3), [0, 0, 1, 1, 2, 2])
    """
    generator = _generator(part, seed)
    cut = [patches(data.load(name), per_class, part, generator) for name in TEXTURES]
    return three_channels(standardise(np.concatenate(cut))), np.repeat(np.arange(len(TEXTURES)), per_class)


def clothes(per_class, part="train", seed=0, side=PATCH):
    """Pictures of Fashion-MNIST, enlarged from 28 x 28, scaled, in three equal channels.

    There are up to 1,000 a class to train, and 200 to test.

    >>> clothes(1)[0].shape, clothes(1, side=96)[0].shape
    ((10, 48, 48, 3), (10, 96, 96, 3))
    """
    side = validate.whole(side, "side")
    generator = _generator(part, seed)
    everything = data.load("fashion-mnist")
    rows = slice(0, 10_000) if part == "train" else slice(10_000, None)
    images, labels = everything["images"][rows], everything["labels"][rows].astype(int)
    per_class = validate.whole(per_class, "per_class", 1, int(np.bincount(labels).min()))
    chosen = np.concatenate([generator.permutation(np.flatnonzero(labels == label))[:per_class] for label in range(10)])
    return three_channels(scale(np.array([resize(image, side) for image in images[chosen]]))), labels[chosen]


def _generator(part, seed):
    """Another for testing than for training, whatever the seed."""
    validate.choice(part, "part", ["train", "test"])
    return np.random.default_rng([validate.whole(seed, "seed", low=0), int(part == "test")])


def patches(photo, count, part="train", seed=0):
    """Squares of one part of a grey photo, at random places, of random size, turned by quarters, all made 48 x 48.

    The photo needs 96 rows and 2 x 96 + 32 columns; the seed may be a generator.

    >>> patches(np.zeros((512, 512)), 5).shape
    (5, 48, 48)
    """
    photo = validate.array(photo, "photo", axes=2)
    first, end = column_ranges(photo.shape[1])[validate.choice(part, "part", ["train", "test"])]
    smallest, largest = ZOOM
    if photo.shape[0] < largest or end - first < largest:
        raise ValueError(f"photo of shape {photo.shape} is too small; give {largest} × {2 * largest + GAP} or more")
    generator = seed if hasattr(seed, "permutation") else np.random.default_rng(validate.whole(seed, "seed", 0))
    cut = []
    for _k in range(validate.whole(count, "count")):
        side = generator.integers(smallest, largest, endpoint=True)
        row = generator.integers(0, photo.shape[0] - side, endpoint=True)
        column = generator.integers(first, end - side, endpoint=True)
        patch = resize(photo[row : row + side, column : column + side], PATCH)
        cut.append(np.rot90(patch, generator.integers(4)))
    return np.array(cut)


def column_ranges(columns):
    """First column, and the one after the last, of the left part for training and the right part for testing.

    The 32 columns between them are never used, so that no pixel's neighbour is in both.

    >>> column_ranges(512)
    {'train': (0, 240), 'test': (272, 512)}
    """
    columns = validate.whole(columns, "columns", 2 + GAP)
    middle = columns // 2
    return {"train": (0, middle - GAP // 2), "test": (middle + GAP // 2, columns)}


def standardise(pictures):
    """Each picture of (B, M, N) with mean 0 and deviation 1, so that neither brightness nor contrast gives the class.

    >>> standardise(np.array([[[2, 4]], [[5, 5]]])).tolist()
    [[[-1.0, 1.0]], [[0.0, 0.0]]]
    """
    pictures = validate.array(pictures, "pictures", axes=3).astype(float)
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    deviation = centred.std(axis=(1, 2), keepdims=True)
    return (centred / np.where(deviation > 0, deviation, 1)).astype(np.float32)


def three_channels(pictures):
    """Grey pictures of (B, M, N) as a network of colour pictures takes them: three equal channels.

    >>> three_channels(np.zeros((2, 48, 48))).shape
    (2, 48, 48, 3)
    """
    pictures = validate.array(pictures, "pictures", axes=3, low=-1e30, high=1e30).astype(np.float32)
    return np.repeat(pictures[..., None], 3, axis=-1)


def stratified_split(labels, seed=0):
    """Places of half of each class for training and of the other half for testing; the training half may be larger.

    >>> train, test = stratified_split([0, 0, 0, 1, 1])
    >>> len(train), len(test)
    (3, 2)
    """
    labels = validate.array(labels, "labels", axes=1)
    generator, train, test = np.random.default_rng(validate.whole(seed, "seed", 0)), [], []
    for label in np.unique(labels):
        places = generator.permutation(np.flatnonzero(labels == label))
        half = -(-len(places) // 2)
        train.extend(places[:half])
        test.extend(places[half:])
    return np.sort(np.array(train, dtype=int)), np.sort(np.array(test, dtype=int))
