"""Data that are no photos: sound, text and a customer table, and the test whether their columns have neighbours.

The sources take a count, a seed, and whether to make the `validation` set, which has other examples than the training
set of the same seed. They return x of shape (count, M, N, D) and labels of shape (count,), 0 or 1, and raise a
TypeError or ValueError if an argument is out of its range.
"""

import math

import numpy as np

from lessons_lib import matching
from lessons_lib.core import validate
from lessons_lib.pooling import backprop, gradient_descent

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
COLUMNS = [
    "age", "basket value", "calls to support", "children", "days since last order", "discounts used",
    "distance to shop", "e-mails opened", "income", "late payments", "minutes on site", "newsletters", "orders",
    "rating given", "returns", "years as customer",
]  # fmt: skip
# Rows and columns of the kernel, and of the pooling window.
WINDOWS = {
    "letters": ((3, 3), (2, 2)),
    "sound": ((3, 3), (4, 4)),
    "text": ((1, 3), (1, 11)),
    "customers": ((1, 3), (1, 2)),
}


def letters(count, seed=0, validation=False):
    """Letters X (0) or O (1) of shape (9, 9, 1), shifted and deformed, in noise of deviation 1, as strong as the ink.

    >>> letters(5)[0].shape
    (5, 9, 9, 1)
    """
    seed = 2 * validate.whole(seed, "seed", 0) + validate.flag(validation, "validation")
    images, labels = matching.random_letters(count, seed, noise=1)
    return images[..., np.newaxis], labels


def chirps(count, seed=0, validation=False):
    """Synthetic waves of two short whistles that both rise (0) or both fall (1), at any time and pitch, in loud noise.

    4224 samples each, about half a second at 8 000 samples a second.

    >>> chirps(2)[0].shape
    (2, 4224)
    """
    random = _random(seed, validation)
    labels = random.permutation(np.arange(validate.whole(count, "count", high=10**5)) % 2)
    time = np.arange(32 * 128 + 128) / 8000
    waves = random.normal(0, 0.6, (count, len(time)))
    for _whistle in range(2):
        length = random.uniform(0.06, 0.1, (count, 1))
        begin = random.uniform(0, 1, (count, 1)) * (time[-1] - length)
        pitch = random.uniform(800, 2600, (count, 1))  # hertz, at half time
        sweep = random.uniform(600, 1200, (count, 1)) * np.where(labels == 0, 1, -1)[:, np.newaxis]  # hertz up or down
        for wave, long, start, middle, climb in zip(waves, length, begin, pitch, sweep, strict=True):
            during = slice(*np.searchsorted(time, np.append(start, start + long)))
            phase = (time[during] - start) / long - 0.5  # from -0.5 to 0.5
            wave[during] += np.cos(np.pi * phase) * np.sin(2 * np.pi * long * (middle * phase + climb * phase**2 / 2))
    return waves, labels


def spectrogram(waves):
    """The strength of each frequency band (row) in each short time (column), from waves of shape (B, T) at 8 000 Hz.

    The result has the shape (B, 16, T // 128 - 1, 1): 16 bands of 187.5 hertz from 250 to 3 250, high ones on top, by
    windows of 256 samples that overlap by half; logarithms, each picture with mean 0 and deviation 1.
    See Gabor, "Theory of communication", Journal of the IEE 93 (1946).

    >>> spectrogram(chirps(2)[0]).shape
    (2, 16, 32, 1)
    """
    waves = validate.array(waves, "waves", axes=2)
    if waves.shape[1] < 256:
        raise ValueError(f"waves of shape {waves.shape} have {waves.shape[1]} samples; give at least 256")
    bands = np.empty((len(waves), waves.shape[1] // 128 - 1, 16))
    # Wave by wave: the pieces of all waves at once would take half a gigabyte, and more than a page can name.
    for wave, result in zip(waves, bands, strict=True):
        pieces = np.lib.stride_tricks.sliding_window_view(wave, 256)[::128]
        strength = abs(np.fft.rfft(pieces * np.hanning(256)))[:, 8:104]
        result[:] = np.log1p(strength.reshape(-1, 16, 6).mean(axis=2))
    pictures = bands.transpose(0, 2, 1)[:, ::-1, :, np.newaxis]
    mean, deviation = pictures.mean(axis=(1, 2, 3), keepdims=True), pictures.std(axis=(1, 2, 3), keepdims=True)
    return (pictures - mean) / np.maximum(deviation, 1e-12)


def sound(count, seed=0, validation=False):
    """Spectrograms of `chirps`, of shape (16, 32, 1), that rise (0) or fall (1).

    >>> sound(3)[0].shape
    (3, 16, 32, 1)
    """
    waves, labels = chirps(count, seed, validation)
    return spectrogram(waves), labels


def one_hot(words):
    """A text as a picture: a column for a position, a row for a letter of `ALPHABET`, 1 where the letter stands.

    Other characters than letters become a space.

    >>> one_hot("a cab").argmax(axis=0).tolist()
    [1, 0, 3, 1, 2]
    """
    if not isinstance(words, str):
        raise TypeError(f"words is of type {type(words).__name__}; give a text in quotes")
    if not words:
        raise ValueError("words is empty; give at least one letter")
    return np.eye(len(ALPHABET))[:, [max(0, ALPHABET.find(letter)) for letter in words.lower()]]


def text(count, seed=0, validation=False):
    """24 letters of English in reading order (0) or the last one first (1), as a volume of shape (1, 24, 27).

    The rows of `one_hot` lie along the depth, since a kernel reads all of them at once. The text is the language
    reference that comes with Python (`pydoc_data.topics`): its first half for training, the second for validation.

    >>> text(3)[0].shape
    (3, 1, 24, 27)
    """
    from pydoc_data.topics import topics

    random = _random(seed, validation)
    labels = random.permutation(np.arange(validate.whole(count, "count", high=10**5)) % 2)
    words = "".join(letter if letter in ALPHABET else " " for letter in " ".join(topics.values()).lower()).split()
    half = len(words) // 2
    characters = " ".join(words[half:] if validation else words[:half]).encode("ascii")
    codes = np.maximum(np.frombuffer(characters, np.uint8).astype(int) - ord("a") + 1, 0)
    snippets = codes[random.integers(len(codes) - 24, size=(count, 1)) + np.arange(24)]
    snippets = np.where(labels[:, np.newaxis] == 1, snippets[:, ::-1], snippets)
    return np.eye(len(ALPHABET))[snippets][:, np.newaxis], labels


def customers(count, seed=0, validation=False):
    """Rows of a made-up table of `COLUMNS`, of shape (1, 16, 1): customers who stay (0) and who leave (1).

    Four hidden traits (loyalty, wealth, annoyance, time online) determine the columns, each with noise of its own;
    annoyance, loyalty and chance decide who leaves. Each column has mean 0 and deviation 1.

    >>> customers(3)[0].shape
    (3, 1, 16, 1)
    """
    random = _random(seed, validation)
    loyal, rich, annoyed, online = random.normal(size=(4, validate.whole(count, "count", high=10**5)))
    nothing = np.zeros(count)
    traits = [
        rich / 2, rich, annoyed, nothing, -loyal, -rich / 2, nothing, (loyal + online) / 2, rich, annoyed - rich / 2,
        online, (loyal + online) / 2, loyal + online / 2, -annoyed, annoyed + online / 2, loyal,
    ]  # fmt: skip
    table = np.stack(traits, axis=1) + random.normal(0, 0.8, (count, len(COLUMNS)))
    table = (table - table.mean(axis=0)) / np.maximum(table.std(axis=0), 1e-12)
    labels = (annoyed - loyal + random.normal(0, 0.3, count) > 0).astype(int)
    return table[:, np.newaxis, :, np.newaxis], labels


def _random(seed, validation):
    return np.random.default_rng([validate.whole(seed, "seed", 0), validate.flag(validation, "validation")])


SOURCES = {"letters": letters, "sound": sound, "text": text, "customers": customers}


def shuffle_columns(x, seed=0):
    """The columns of all pictures of a batch (B, M, N, D) in another order, the same order for every picture.

    >>> shuffle_columns(np.arange(5).reshape(1, 1, 5, 1), seed=3).ravel().tolist()
    [4, 2, 1, 3, 0]
    """
    x = validate.array(x, "x", axes=4)
    return x[:, :, np.random.default_rng(validate.whole(seed, "seed", 0)).permutation(x.shape[2])]


def conv_network(source, shape, seed=0):
    """12 kernels, ReLU, max pooling, 2 classes, for pictures of this shape (M, N, D), with the windows of `WINDOWS`.

    >>> sum(weights.value.size for weights in conv_network("text", (1, 24, 27)).weights())
    1034
    """
    kernel, window = WINDOWS[validate.choice(source, "source", WINDOWS)]
    shape = [validate.whole(side, "shape") for side in validate.sequence(shape, "shape", 3)]
    seed = validate.whole(seed, "seed", 0)
    convolve, pool = backprop.Conv(kernel, shape[2], 12, seed), backprop.MaxPool(window)
    inputs = pool.forward(convolve.forward(np.zeros((1, *shape)))).size
    return backprop.Network(convolve, backprop.Activation("relu"), pool, backprop.Dense(inputs, 2, seed + 1))


def dense_network(shape, seed=0):
    """12 units that each see the whole picture of this shape (M, N, D), ReLU, 2 classes.

    >>> sum(weights.value.size for weights in dense_network((1, 24, 27)).weights())
    7814
    """
    seed = validate.whole(seed, "seed", 0)
    inputs = math.prod(validate.whole(side, "shape", 0) for side in validate.sequence(shape, "shape"))
    units = backprop.Dense(inputs, 12, seed)
    return backprop.Network(units, backprop.Activation("relu"), backprop.Dense(12, 2, seed + 1))


def shuffle_test(source, seeds=(0, 1, 2), count=1500, steps=300):
    """Validation accuracy of both networks, each trained with the columns as they are and with the columns shuffled.

    For each seed `count` training pictures of a source in `SOURCES`, 1 000 validation pictures, first weights and a
    shuffle are made; `steps` of gradient descent follow, 32 pictures each, at the learning rate 0.1.
    The result has the shape (2, 2, seeds): convolutional and dense; as it is and shuffled.

    >>> shuffle_test("customers", seeds=[0], count=50, steps=2).shape
    (2, 2, 1)
    """
    make = SOURCES[validate.choice(source, "source", SOURCES)]
    seeds = validate.sequence(seeds, "seeds")
    results = np.zeros((2, 2, len(seeds)))
    for column, seed in enumerate(seeds):
        (x, labels), (validation, validation_labels) = make(count, seed), make(1000, seed, validation=True)
        for row in range(2):
            if row == 1:
                x, validation = shuffle_columns(x, seed), shuffle_columns(validation, seed)
            networks = conv_network(source, x.shape[1:], seed), dense_network(x.shape[1:], seed)
            for kind, network in enumerate(networks):
                gradient_descent.train(network, x, labels, steps, rate=0.1, seed=seed)
                results[kind, row, column] = network.accuracy(validation, validation_labels)
    return results
