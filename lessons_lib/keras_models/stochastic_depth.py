"""Stochastic depth, 2016: in each step of the training some blocks of a ResNet are left out, by chance."""

from lessons_lib.core import validate
from lessons_lib.keras_models.resnet import cifar_resnet


def survival(last=0.5):
    """The rule by which blocks stay: the first nearly always, the last with probability `last`, linearly between.

    Parameters
    ----------
    last : float
        0 to 1.

    Returns
    -------
    callable
        Takes l and L, gives the probability of block l of L, counted from 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what stands above; the error says what came.

    Examples
    --------
    >>> rule = survival(0.5)
    >>> [rule(block, 4) for block in (1, 2, 3, 4)], round(sum(rule(block, 54) for block in range(1, 55)), 2)
    ([0.875, 0.75, 0.625, 0.5], 40.25)
    """
    last = validate.number(last, "last", 0, 1)
    return lambda place, blocks: 1 - place / blocks * (1 - last)


def stochastic_depth(depth=110, shape=(32, 32, 3), classes=10, width=1.0, *, last=0.5, seed=None):
    """The ResNet for small pictures, of 110 layers in the paper, with blocks that come and go while it is trained.

    Parameters
    ----------
    depth : int
        6 n + 2.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
    last : float
        The probability of the last block.
    seed : int, optional

    Returns
    -------
    keras.Model
        With no more and no fewer parameters than `cifar_resnet`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not one of the choices.

    References
    ----------
    Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic depth", https://arxiv.org/abs/1603.09382

    Examples
    --------
    >>> stochastic_depth(20).count_params() - cifar_resnet(20).count_params()
    0
    """
    return cifar_resnet(depth, shape, classes, width, survival=survival(last), seed=seed)
