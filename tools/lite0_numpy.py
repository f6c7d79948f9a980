"""EfficientNet-Lite0 once more, without any framework: NumPy in float64, with the package's own float32 weights.

It shares no line with the network in Keras, so where both agree, both are right; `make_data.py photo-probabilities`
stores what it says of the course's photos. It is slow: some seconds a photo.
"""

import numpy as np

# The stride of each block; the rest is read off the weights.
STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
NORM = ("weight", "bias", "running_mean", "running_var")


def probabilities(x, tensors):
    """The 1000 probabilities of one prepared photo (224, 224, 3), from tensors by PyTorch's names and axes."""
    weights = {name: np.asarray(tensor, dtype=np.float64) for name, tensor in tensors.items()}
    x = np.asarray(x, dtype=np.float64)
    x = relu6(norm(conv(x, weights["_conv_stem.weight"], 2), weights, "_bn0"))
    for number, stride in enumerate(STRIDES):
        at, start = f"_blocks.{number}.", x
        if f"{at}_expand_conv.weight" in weights:
            x = relu6(norm(conv(x, weights[f"{at}_expand_conv.weight"]), weights, f"{at}_bn0"))
        x = relu6(norm(depthwise(x, weights[f"{at}_depthwise_conv.weight"], stride), weights, f"{at}_bn1"))
        x = norm(conv(x, weights[f"{at}_project_conv.weight"]), weights, f"{at}_bn2")
        # A block that keeps the shape is added to its input.
        x = x + start if x.shape == start.shape else x
    x = relu6(norm(conv(x, weights["_conv_head.weight"]), weights, "_bn1"))
    scores = weights["_fc.weight"] @ x.mean(axis=(0, 1)) + weights["_fc.bias"]
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def relu6(x):
    return np.clip(x, 0, 6)


def norm(x, weights, name):
    gamma, beta, mean, variance = (weights[f"{name}.{part}"] for part in NORM)
    return (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta


def shifted(x, kernel, stride):
    """The input under each cell of the kernel, row by row, with TensorFlow's zeros around."""
    out = -(-x.shape[0] // stride)
    zeros = max(0, (out - 1) * stride + kernel - x.shape[0])
    x = np.pad(x, [(zeros // 2, zeros - zeros // 2)] * 2 + [(0, 0)])
    last = (out - 1) * stride + 1
    for row in range(kernel):
        for column in range(kernel):
            yield row, column, x[row : row + last : stride, column : column + last : stride]


def conv(x, weight, stride=1):
    return sum(part @ weight[:, :, row, column].T for row, column, part in shifted(x, len(weight[0, 0]), stride))


def depthwise(x, weight, stride):
    return sum(part * weight[:, 0, row, column] for row, column, part in shifted(x, len(weight[0, 0]), stride))
