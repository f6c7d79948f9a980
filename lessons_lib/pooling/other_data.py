"""Pictures that are none: sound, text and a customer table, and the test whether their columns have neighbours."""

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


def letters(count, seed=0, unseen=False):
    """Shifted, deformed letters in noise as strong as the ink, to be told apart: X (0) or O (1).

    They are made by `matching.random_letters`, with a noise of deviation 1.

    Parameters
    ----------
    count : int
    seed : int
    unseen : bool
        Other letters than those of the same seed without it.

    Returns
    -------
    x : ndarray of shape (count, 9, 9, 1)
    labels : ndarray of int, shape (count,)

    Raises
    ------
    TypeError, ValueError
        If `count` is not 1 or more, or `seed` not 0 or more.

    Examples
    --------
    >>> letters(5)[0].shape
    (5, 9, 9, 1)
    """
    seed = 2 * validate.whole(seed, "seed", 0) + validate.flag(unseen, "unseen")
    images, labels = matching.random_letters(count, seed, noise=1)
    return images[..., np.newaxis], labels


def chirps(count, seed=0, unseen=False):
    """Waveforms of two short whistles that both rise (0) or both fall (1), anywhere in time and pitch, in loud noise.

    They are synthesised: half a second at 8 000 samples a second.

    Parameters
    ----------
    count, seed, unseen
        As in `letters`.

    Returns
    -------
    waves : ndarray of shape (count, 4224)
    labels : ndarray of int, shape (count,)

    Raises
    ------
    TypeError, ValueError
        As `letters` does.

    Examples
    --------
    >>> chirps(2)[0].shape
    (2, 4224)
    """
    random = _random(seed, unseen)
    labels = random.permutation(np.arange(validate.whole(count, "count", high=10**5)) % 2)
    time = np.arange(32 * 128 + 128) / 8000
    waves = random.normal(0, 0.6, (count, len(time)))
    for _whistle in range(2):
        length = random.uniform(0.06, 0.1, (count, 1))
        begin = random.uniform(0, 1, (count, 1)) * (time[-1] - length)
        pitch = random.uniform(800, 2600, (count, 1))  # hertz, at half time
        sweep = random.uniform(600, 1200, (count, 1)) * np.where(labels == 0, 1, -1)[:, np.newaxis]  # hertz up or down
        for wave, long, start, middle, climb in zip(waves, length, begin, pitch, sweep, strict=True):
            sounds = slice(*np.searchsorted(time, np.append(start, start + long)))
            progress = (time[sounds] - start) / long - 0.5  # from -0.5 to 0.5
            swell = np.cos(np.pi * progress)
            wave[sounds] += swell * np.sin(2 * np.pi * long * (middle * progress + climb * progress**2 / 2))
    return waves, labels


def spectrogram(waves):
    """The picture of a sound: how strong each band of frequencies (row) is in each short time (column).

    Parameters
    ----------
    waves : array_like of shape (B, T)
        At 8 000 samples a second.

    Returns
    -------
    ndarray of shape (B, 16, T // 128 - 1, 1)
        16 bands of 187.5 hertz from 250 to 3 250, high ones on top, by windows of 256 samples that overlap by half; the
        logarithm of the strength, each picture with mean 0 and deviation 1.

    Raises
    ------
    TypeError, ValueError
        If the waves are shorter than one window.

    References
    ----------
    Gabor, "Theory of communication", Journal of the IEE 93 (1946).

    Examples
    --------
    >>> spectrogram(chirps(2)[0]).shape
    (2, 16, 32, 1)
    """
    waves = validate.array(waves, "waves", axes=2)
    if waves.shape[1] < 256:
        raise ValueError(f"waves of shape {waves.shape} have {waves.shape[1]} samples; give at least 256")
    pieces = np.lib.stride_tricks.sliding_window_view(waves, 256, axis=1)[:, ::128]
    bands = np.empty((*pieces.shape[:2], 16))
    # Wave by wave: the pieces of all waves at once would take half a gigabyte.
    for wave, result in zip(pieces, bands, strict=True):
        strength = abs(np.fft.rfft(wave * np.hanning(256)))[:, 8:104]
        result[:] = np.log1p(strength.reshape(-1, 16, 6).mean(axis=2))
    pictures = bands.transpose(0, 2, 1)[:, ::-1, :, np.newaxis]
    middle, spread = pictures.mean(axis=(1, 2, 3), keepdims=True), pictures.std(axis=(1, 2, 3), keepdims=True)
    return (pictures - middle) / np.maximum(spread, 1e-12)


def sound(count, seed=0, unseen=False):
    """Spectrograms of `chirps`, to be told apart: rising (0) or falling (1).

    Parameters
    ----------
    count, seed, unseen
        As in `letters`.

    Returns
    -------
    x : ndarray of shape (count, 16, 32, 1)
    labels : ndarray of int, shape (count,)

    Raises
    ------
    TypeError, ValueError
        As `letters` does.

    Examples
    --------
    >>> sound(3)[0].shape
    (3, 16, 32, 1)
    """
    waves, labels = chirps(count, seed, unseen)
    return spectrogram(waves), labels


def one_hot(words):
    """The picture of a text: one column a position, one row a letter of `ALPHABET`, 1 where the letter stands.

    Parameters
    ----------
    words : str
        Other characters than letters become a space.

    Returns
    -------
    ndarray of shape (27, len(words))

    Raises
    ------
    TypeError, ValueError
        If it is no text, or an empty one.

    Examples
    --------
    >>> one_hot("a cab").argmax(axis=0).tolist()
    [1, 0, 3, 1, 2]
    """
    if not isinstance(words, str):
        raise TypeError(f"words is of type {type(words).__name__}; give a text in quotes")
    if not words:
        raise ValueError("words is empty; give at least one letter")
    return np.eye(len(ALPHABET))[:, [max(0, ALPHABET.find(letter)) for letter in words.lower()]]


def text(count, seed=0, unseen=False):
    """24 letters of real English each, to be told apart: in reading order (0) or the last one first (1).

    The text is the language reference that comes with every Python (`pydoc_data.topics`).

    Parameters
    ----------
    count, seed
        As in `letters`.
    unseen : bool
        From the second half of the text, not the first.

    Returns
    -------
    x : ndarray of shape (count, 1, 24, 27)
        The 27 rows of `one_hot` are laid along the depth, because a kernel reads all of them at once.
    labels : ndarray of int, shape (count,)

    Raises
    ------
    TypeError, ValueError
        As `letters` does.

    Examples
    --------
    >>> text(3)[0].shape
    (3, 1, 24, 27)
    """
    from pydoc_data.topics import topics

    random = _random(seed, unseen)
    labels = random.permutation(np.arange(validate.whole(count, "count", high=10**5)) % 2)
    words = "".join(letter if letter in ALPHABET else " " for letter in " ".join(topics.values()).lower()).split()
    half = len(words) // 2
    letters = " ".join(words[half:] if unseen else words[:half]).encode("ascii")
    codes = np.maximum(np.frombuffer(letters, np.uint8).astype(int) - ord("a") + 1, 0)
    snippets = codes[random.integers(len(codes) - 24, size=(count, 1)) + np.arange(24)]
    snippets = np.where(labels[:, np.newaxis] == 1, snippets[:, ::-1], snippets)
    return np.eye(len(ALPHABET))[snippets][:, np.newaxis], labels


def customers(count, seed=0, unseen=False):
    """Rows of a made-up table of `COLUMNS`, to be told apart: customers who stay (0) and who leave (1).

    Four hidden traits (loyalty, wealth, annoyance, time online) drive the columns, each with noise of its own; who
    leaves is decided by annoyance, loyalty and luck. The columns are in the order of the alphabet.

    Parameters
    ----------
    count, seed, unseen
        As in `letters`.

    Returns
    -------
    x : ndarray of shape (count, 1, 16, 1)
        Each column with mean 0 and deviation 1.
    labels : ndarray of int, shape (count,)

    Raises
    ------
    TypeError, ValueError
        As `letters` does.

    Examples
    --------
    >>> customers(3)[0].shape
    (3, 1, 16, 1)
    """
    random = _random(seed, unseen)
    loyal, rich, annoyed, online = random.normal(size=(4, validate.whole(count, "count", high=10**5)))
    nothing = np.zeros(count)
    drivers = [
        rich / 2, rich, annoyed, nothing, -loyal, -rich / 2, nothing, (loyal + online) / 2, rich, annoyed - rich / 2,
        online, (loyal + online) / 2, loyal + online / 2, -annoyed, annoyed + online / 2, loyal,
    ]  # fmt: skip
    table = np.stack(drivers, axis=1) + random.normal(0, 0.8, (count, len(COLUMNS)))
    table = (table - table.mean(axis=0)) / np.maximum(table.std(axis=0), 1e-12)
    labels = (annoyed - loyal + random.normal(0, 0.3, count) > 0).astype(int)
    return table[:, np.newaxis, :, np.newaxis], labels


SOURCES = {"letters": letters, "sound": sound, "text": text, "customers": customers}


def shuffle_columns(x, seed=0):
    """The columns of all pictures in another order, the same order for every picture.

    Parameters
    ----------
    x : array_like of shape (B, M, N, D)
    seed : int
        Chooses the order.

    Returns
    -------
    ndarray of the same shape

    Raises
    ------
    TypeError, ValueError
        If `x` is no batch of volumes.

    Examples
    --------
    >>> shuffle_columns(np.arange(5).reshape(1, 1, 5, 1), seed=3).ravel().tolist()
    [4, 2, 1, 3, 0]
    """
    x = validate.array(x, "x", axes=4)
    return x[:, :, np.random.default_rng(validate.whole(seed, "seed", 0)).permutation(x.shape[2])]


def conv_network(source, shape, seed=0):
    """A small convolutional network: 12 kernels, ReLU, max pooling, votes.

    Parameters
    ----------
    source : {"letters", "sound", "text", "customers"}
        Chooses the windows, from `WINDOWS`.
    shape : tuple of int (M, N, D)
        Of one picture.
    seed : int

    Returns
    -------
    backprop.Network

    Raises
    ------
    TypeError, ValueError
        If there is no such source, or the windows do not fit into the shape.

    Examples
    --------
    >>> sum(weights.value.size for weights in conv_network("text", (1, 24, 27)).weights())
    1034
    """
    kernel, window = WINDOWS[validate.choice(source, "source", WINDOWS)]
    shape = [validate.whole(side, "shape") for side in validate.sequence(shape, "shape", 3)]
    seed = validate.whole(seed, "seed", 0)
    convolve, pool = backprop.Conv(kernel, shape[2], 12, seed), backprop.MaxPool(window)
    numbers = pool.forward(convolve.forward(np.zeros((1, *shape)))).size
    return backprop.Network(convolve, backprop.Activation("relu"), pool, backprop.Dense(numbers, 2, seed + 1))


def dense_network(shape, seed=0):
    """A network without convolution: 12 units that each see the whole picture, ReLU, votes.

    Parameters
    ----------
    shape : tuple of int (M, N, D)
        Of one picture.
    seed : int

    Returns
    -------
    backprop.Network

    Raises
    ------
    TypeError, ValueError
        If the shape holds no numbers.

    Examples
    --------
    >>> sum(weights.value.size for weights in dense_network((1, 24, 27)).weights())
    7814
    """
    seed = validate.whole(seed, "seed", 0)
    inputs = math.prod(validate.whole(side, "shape", 0) for side in validate.sequence(shape, "shape"))
    units = backprop.Dense(inputs, 12, seed)
    return backprop.Network(units, backprop.Activation("relu"), backprop.Dense(12, 2, seed + 1))


def contest(source, seeds=(0, 1, 2), count=1500, steps=300):
    """Accuracy on unseen pictures of both networks, each with the columns as they are and with the columns shuffled.

    Parameters
    ----------
    source : {"letters", "sound", "text", "customers"}
    seeds : sequence of int
        Each makes other pictures, other first weights and another shuffle.
    count : int
        Pictures to learn from; 1 000 others measure.
    steps : int
        Of gradient descent, 32 pictures each, learning rate 0.1.

    Returns
    -------
    ndarray of shape (2, 2, seeds)
        Convolutional and dense; as it is and shuffled.

    Raises
    ------
    TypeError, ValueError
        If there is no such source, or a number is out of range.

    Examples
    --------
    >>> contest("customers", seeds=[0], count=50, steps=2).shape
    (2, 2, 1)
    """
    make = SOURCES[validate.choice(source, "source", SOURCES)]
    seeds = validate.sequence(seeds, "seeds")
    results = np.zeros((2, 2, len(seeds)))
    for column, seed in enumerate(seeds):
        (x, labels), (unseen, answers) = make(count, seed), make(1000, seed, unseen=True)
        for row in range(2):
            if row == 1:
                x, unseen = shuffle_columns(x, seed), shuffle_columns(unseen, seed)
            networks = conv_network(source, x.shape[1:], seed), dense_network(x.shape[1:], seed)
            for kind, network in enumerate(networks):
                gradient_descent.train(network, x, labels, steps, rate=0.1, seed=seed)
                results[kind, row, column] = network.accuracy(unseen, answers)
    return results


def _random(seed, unseen):
    return np.random.default_rng([validate.whole(seed, "seed", 0), validate.flag(unseen, "unseen")])
