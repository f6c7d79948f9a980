"""The data: what it is, that it is verified, that it is complete, and that no network is needed."""

import importlib.util
import io
import pickle
import re
import shutil
import socket
import struct
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lessons_lib import data

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = tomllib.loads((ROOT / "data" / "registry.toml").read_text(encoding="utf-8"))
PHOTOS = [name for name, entry in REGISTRY.items() if entry.get("package") == "scikit-image"]
FILES = [name for name in REGISTRY if name not in PHOTOS]


@pytest.fixture(scope="module")
def make_data():
    spec = importlib.util.spec_from_file_location("make_data", ROOT / "tools" / "make_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the data, to be damaged."""
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy)
    monkeypatch.setattr(data, "FOLDER", copy)
    return copy


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the data asked for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    with pytest.raises(AssertionError):
        socket.create_connection(("localhost", 9))


# What each is


@pytest.mark.parametrize("name", REGISTRY)
def test_is_what_the_registry_says(name, no_network):
    entry, value = REGISTRY[name], data.load(name)
    assert all(entry[key] for key in ("file", "source", "licence", "credit", "made_by"))
    if "arrays" in entry:
        assert len(value) == entry["arrays"]
        assert sum(array.size for array in value.values()) == entry["values"]
        assert {str(array.dtype) for array in value.values()} == {entry["dtype"]}
    elif entry["dtype"] == "Photos":
        assert [len(value.images)] == entry["shape"] and isinstance(value, data.Photos)
    elif isinstance(value, dict):
        assert {key: list(array.shape) for key, array in value.items()} == entry["shape"]
        assert {key: str(array.dtype) for key, array in value.items()} == entry["dtype"]
    elif isinstance(value, list):
        assert [len(value)] == entry["shape"]
        assert {type(item).__name__ for item in value} == {entry["dtype"]}
    else:
        assert list(value.shape) == entry["shape"]
        assert str(value.dtype) == entry["dtype"]


@pytest.mark.parametrize("name", PHOTOS)
def test_photo_is_scikit_images(name, no_network):
    import skimage.data

    theirs = {"hubble": "hubble_deep_field", "motorcycle": "stereo_motorcycle"}.get(name, name)
    expected = getattr(skimage.data, theirs)()
    if name == "motorcycle":
        expected = expected[0]
    assert np.array_equal(data.load(name), expected)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_any_first_part_has_the_classes_in_the_same_shares(name):
    labels = data.load(name)["labels"]
    shares = np.bincount(labels) / len(labels)
    for count in (100, 500, 1000, 4000, len(labels) - 2000):
        assert np.abs(np.bincount(labels[:count], minlength=10) - count * shares).max() < 2
    assert np.abs(np.bincount(labels[-2000:], minlength=10) - 2000 * shares).max() < 2
    assert np.diff(labels.astype(int)).astype(bool).mean() > 0.8


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_no_image_is_there_twice(name):
    images = data.load(name)["images"]
    assert len({image.tobytes() for image in images}) == len(images)


def test_each_load_is_a_copy_of_its_own():
    for name in ("portrait", "camera"):
        first = data.load(name)
        before = first.copy()
        first[:] = 0
        assert np.array_equal(data.load(name), before)
    digits = data.load("mnist")
    digits["images"][0] = 7
    assert data.load("mnist")["images"][0].max() > 7


# The registry


def test_every_file_is_registered_and_small(make_data):
    about = {"registry.toml", "README.md"}
    registered = {REGISTRY[name]["file"] for name in FILES}
    files = {path.name: path for path in (ROOT / "data").glob("[!.]*") if path.is_file() or path.name in registered}
    assert set(files) - about == registered
    assert max(path.stat().st_size for path in files.values()) < 10e6
    made = {name: REGISTRY[name]["made_by"].split() for name in FILES}
    assert all((ROOT / script).is_file() and last == name for name, (script, last) in made.items())
    assert list(make_data.MAKERS) == [name for name in FILES if made[name][0] == "tools/make_data.py"]


# What is wrong with it


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", [name for name in FILES if REGISTRY[name]["dtype"] != "Photos"])
def test_a_damaged_or_missing_file_is_named_with_the_remedy(folder, name):
    path = folder / REGISTRY[name]["file"]
    for damage in (
        flip_a_bit,
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(b""),
    ):
        damage(path)
        with pytest.raises(ValueError, match="damaged or changed") as error:
            data.load(name)
        path.unlink()
        remedy = f"is missing; get it back with `git checkout -- data/{path.name}`"
        with pytest.raises(FileNotFoundError, match=remedy):
            data.load(name)
        shutil.copy(ROOT / "data" / path.name, path)
    for part in (path.name, repr(name), f"git checkout -- data/{path.name}", f"python {REGISTRY[name]['made_by']}"):
        assert part in str(error.value)


def test_missing_or_broken_registry(folder):
    (folder / "registry.toml").write_text("[mnist", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot be read as TOML.*git checkout -- data/registry\.toml"):
        data.load("mnist")
    (folder / "registry.toml").unlink()
    with pytest.raises(FileNotFoundError, match=r"git checkout -- data/registry\.toml"):
        data.load("mnist")


def test_package_without_the_repository(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "FOLDER", tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"clone the repository .* `pip install -e \.`"):
        data.load("mnist")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mnits", "'mnits' is not the name of any data here; did you mean 'mnist'"), ("MNIST", "did you mean 'mnist'"),
        ("stereo_motorcycle", "did you mean 'motorcycle'"), ("eagle", "would download"),
        ("", "choose one of portrait, picture-f, mnist"), ("../registry", "choose one of portrait"),
    ],
)  # fmt: skip
def test_unknown_name(name, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        data.load(name)


def test_scikit_image_is_not_installed(monkeypatch):
    monkeypatch.setattr(data, "find_spec", lambda _package: None)
    with pytest.raises(FileNotFoundError, match="'camera' lies inside scikit-image, which is not installed"):
        data.load("camera")
    assert data.load("portrait").shape == (18, 18)


def test_another_scikit_image(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    package = importlib.util.spec_from_file_location("skimage", tmp_path / "__init__.py")
    monkeypatch.setattr(data, "find_spec", lambda _package: package)
    remedy = re.escape(f"`pip install --force-reinstall {REGISTRY['camera']['source'].replace(' ', '==')}`")
    with pytest.raises(FileNotFoundError, match=r"camera\.png.* is missing; .*" + remedy):
        data.load("camera")
    (tmp_path / "data" / "camera.png").write_bytes(b"another photo")
    with pytest.raises(ValueError, match=r"camera\.png.* damaged or changed.*" + remedy):
        data.load("camera")


# The script that makes the files


@pytest.mark.parametrize("name", ["portrait", "picture-f"])
def test_made_again_without_a_package(make_data, name, tmp_path):
    assert make_data.MAKERS[name](tmp_path) == (ROOT / "data" / REGISTRY[name]["file"]).read_bytes()


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "efficientnet-lite0"])
def test_packing_the_same_arrays_again(make_data, name):
    again = make_data.as_npz(data.load(name))
    path = ROOT / "data" / REGISTRY[name]["file"]
    assert again == path.read_bytes() or make_data.same_arrays(again, path)


def test_a_file_that_differs_is_not_written(make_data, folder, monkeypatch, capsys):
    monkeypatch.setattr(make_data, "FOLDER", folder)
    monkeypatch.setitem(make_data.MAKERS, "picture-f", lambda _work: b"1,2\n3,4\n")
    before = (folder / "picture-f.csv").read_bytes()
    for arguments in (["picture-f"], ["--check", "picture-f"]):
        assert make_data.main(arguments) == 1
        assert (folder / "picture-f.csv").read_bytes() == before
    assert "is not the one registered (it differs)" in capsys.readouterr().out
    assert make_data.main(["--new", "picture-f"]) == 0
    assert data.load("picture-f").tolist() == [[1, 2], [3, 4]]


def test_another_zlib_is_recognised(make_data, folder, monkeypatch, capsys):
    monkeypatch.setattr(make_data, "FOLDER", folder)
    packed = io.BytesIO()
    np.savez(packed, **data.load("mnist"))
    monkeypatch.setitem(make_data.MAKERS, "mnist", lambda _work: packed.getvalue())
    assert make_data.main(["mnist"]) == 1
    assert "the same arrays, packed by another zlib" in capsys.readouterr().out


def test_a_damaged_file_is_made_again(make_data, folder, monkeypatch):
    monkeypatch.setattr(make_data, "FOLDER", folder)
    flip_a_bit(folder / "portrait.csv")
    assert make_data.main([], makers={"portrait": make_data.portrait}) == 0
    assert data.load("portrait").tolist()[0][:4] == [9, 1, 29, 70]


def test_a_client_that_is_missing_is_named(make_data, folder, monkeypatch, capsys):
    monkeypatch.setattr(make_data, "FOLDER", folder)
    monkeypatch.setattr(make_data.shutil, "which", lambda *_args, **_kwargs: None)
    assert make_data.main(["mnist"]) == 1
    said = capsys.readouterr().out
    assert "npm is not installed" in said
    assert "git checkout -- data/mnist.npz" in said


def legacy_file(tensors, monkeypatch):
    """A file as PyTorch wrote it before 2020, without PyTorch."""

    def rebuild():
        pass

    class Storage:
        pass

    for thing, module, name in ((rebuild, "torch._utils", "_rebuild_tensor_v2"), (Storage, "torch", "FloatStorage")):
        thing.__module__, thing.__name__, thing.__qualname__ = module, name, name
        monkeypatch.setitem(sys.modules, module, SimpleNamespace(**{name: thing}))

    class Tensor:
        def __init__(self, name, array, *layout):
            self.layout = ("storage", Storage, name, "cpu", array.size, None), *layout

        def __reduce__(self):
            return rebuild, self.layout

    class Writer(pickle.Pickler):
        def persistent_id(self, value):
            return value if isinstance(value, tuple) and value[:1] == ("storage",) else None

    file = io.BytesIO()
    for value in (1, 2, {}, {name: Tensor(name, *one) for name, one in tensors.items()}, list(tensors)):
        Writer(file, protocol=2).dump(value)
    for array, *_layout in tensors.values():
        file.write(struct.pack("<q", array.size) + array.astype("<f4").tobytes())
    return io.BytesIO(file.getvalue())


def test_reader_of_weights_follows_offset_and_strides(make_data, monkeypatch):
    tensors = {"turned": (np.arange(7), 1, (2, 3), (1, 2)), "plain": (np.arange(7), 0, (7,), (1,))}
    read = make_data.torch_tensors(legacy_file(tensors, monkeypatch))
    assert read["turned"].tolist() == [[1, 3, 5], [2, 4, 6]]
    assert read["plain"].tolist() == list(range(7))


def test_reader_of_weights_runs_no_program(make_data):
    class Program:
        def __reduce__(self):
            return print, ("this must not be printed",)

    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print"):
        make_data.torch_tensors(io.BytesIO(pickle.dumps(Program(), protocol=4)))
