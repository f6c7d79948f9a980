"""Wide ResNet, 2016: fewer layers and more kernels in each do as well as a thousand layers, and much faster."""

import keras

from lessons_lib.core import validate
from lessons_lib.keras_models.blocks import classes_of, conv, normed, picture, thin
from lessons_lib.keras_models.resnet import block


def wide_resnet(depth=28, k=10, shape=(32, 32, 3), classes=10, width=1.0, *, dropout=0.0, seed=None):
    """WRN-depth-k: a ResNet for small pictures with k times as many kernels, normalised before each convolution.

    Parameters
    ----------
    depth : int
        6 n + 4, such as 16, 28, 40.
    k : int
        The paper's widening factor.
    shape : tuple of int (rows, columns, depth)
    classes : int
    width : float
        Times all kernels; k leaves the first convolution alone.
    dropout : float
        Between the two convolutions of a block.
    seed : int, optional

    Returns
    -------
    keras.Model

    Raises
    ------
    TypeError, ValueError
        If an argument is not one of the choices.

    References
    ----------
    Zagoruyko and Komodakis, "Wide residual networks", BMVC 2016, https://arxiv.org/abs/1605.07146

    Examples
    --------
    >>> wide_resnet(16, 2, width=1 / 4).get_layer("stage3_2").output.shape
    (None, 8, 8, 32)
    """
    n, rest = divmod(validate.whole(depth, "depth", low=10) - 4, 6)
    if rest:
        raise ValueError(f"depth is {depth}; give 6 n + 4, such as {6 * n + 4} or {6 * n + 10}")
    wide, k, dropout = thin(width), validate.whole(k, "k"), validate.number(dropout, "dropout", 0, 0.9)
    x = start = picture(shape, classes, seed)
    x = conv(x, wide(16), 3, bias=False, relu=False, name="conv1")
    for stage in (1, 2, 3):
        kernels = k * wide(16 * 2 ** (stage - 1))
        for number in range(1, n + 1):
            stride = 2 if stage > 1 and number == 1 else 1
            x = block(x, [(kernels, 3)] * 2, stride, preactivation=True, dropout=dropout, name=f"stage{stage}_{number}")
    x = normed(x, "last")
    return keras.Model(start, classes_of(x, classes), name=f"wide_resnet{depth}_{k}")
