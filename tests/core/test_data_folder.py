"""Photos of a student's own: any size and kind is read, what cannot be read is named and skipped."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from lessons_lib import data, images
from photo_folder import no_pictures, pictures, save


@pytest.fixture
def photos(tmp_path):
    """Two classes, with everything that students have put into such a folder."""
    place = tmp_path / "my-photos"
    pictures(place)
    return place


@pytest.fixture
def bad(photos):
    """And what is no picture."""
    no_pictures(photos)
    return photos


def test_every_kind_of_picture_becomes_rgb(photos):
    read = data.folder(photos)
    assert read.classes == ["cat", "dog"]
    assert np.bincount(read.labels).tolist() == [6, 6]
    assert read.skipped == []
    assert len(read.images) == 12
    assert all(image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3 for image in read.images)


def by_name(place, name):
    files = sorted((place / "cat").iterdir()) + sorted((place / "dog").iterdir())
    return data.folder(place).images[[file.name for file in files].index(name)]


def test_what_each_kind_becomes(photos):
    assert by_name(photos, "no ending").shape == (40, 60, 3)
    grey = by_name(photos, "grey.png")
    assert (grey == grey[..., :1]).all()
    assert by_name(photos, "see through.png").min() == 255
    assert by_name(photos, "long.jpg").shape == (1, 512, 3)
    turned = by_name(photos, "turned.jpg")
    assert turned.shape == (50, 20, 3)
    assert turned[:20].min() > 200
    assert turned[30:].max() < 55


def test_grey_levels_of_16_bits_keep_their_scale(photos):
    deep = by_name(photos, "deep.png")
    assert np.abs(deep[..., 0].astype(int).ravel() - np.arange(12) * 5000 / 257).max() <= 1.5


def test_large_photos_are_shrunk(tmp_path):
    for name in ("a", "b"):
        save(tmp_path / name / "large.jpg", np.zeros((1500, 2000, 3), np.uint8))
    assert data.folder(tmp_path).images[0].shape == (384, 512, 3)
    assert data.folder(tmp_path, largest=100).images[0].shape == (75, 100, 3)


def test_what_is_no_picture_is_named_and_skipped(bad):
    read = data.folder(bad)
    assert np.bincount(read.labels).tolist() == [6, 6]
    reasons = dict(read.skipped)
    broken = {"cat/Thumbs.db", "cat/empty.png", "cat/noise.jpg", "dog/cut off.jpg", "dog/notes.jpg"}
    assert set(reasons) == broken | {"readme.txt", "cat/inside"}
    assert reasons["cat/empty.png"] == "is empty"
    assert reasons["dog/notes.jpg"].startswith("is no picture")
    assert reasons["dog/cut off.jpg"].startswith("is broken: ")
    assert "lies beside" in reasons["readme.txt"]
    said = str(read)
    assert said.startswith("12 photos in 2 classes: cat 6, dog 6. Skipped: ")
    assert all(name in said for name in reasons)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_is_skipped_and_not_waited_for(photos):
    os.mkfifo(photos / "cat" / "pipe.jpg")
    (photos / "dog" / "gone.jpg").symlink_to(photos / "nowhere.jpg")
    # A program of its own can be stopped if it hangs.
    code = f"from lessons_lib import data; print(data.folder({str(photos)!r}).skipped)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    reason = "is no file that holds anything"
    assert run.stdout.strip() == str([("cat/pipe.jpg", reason), ("dog/gone.jpg", reason)])


def test_far_too_large_a_picture_is_skipped(photos, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300)
    assert dict(data.folder(photos).skipped)["cat/long.jpg"] == "has too many pixels to be a photo"


def test_a_file_that_may_not_be_read_is_skipped(photos, monkeypatch):
    real = Image.open

    def refuse(file, *rest, **more):
        if file.name == "grey.png":
            raise PermissionError(13, "Permission denied")
        return real(file, *rest, **more)

    monkeypatch.setattr(Image, "open", refuse)
    assert "Permission denied" in dict(data.folder(photos).skipped)["cat/grey.png"]


def test_fewer_than_two_classes(tmp_path):
    with pytest.raises(ValueError, match="holds no folder; give two or more"):
        data.folder(tmp_path)
    save(tmp_path / "cat" / "a.png")
    with pytest.raises(ValueError, match="holds only the folder 'cat'; give two or more"):
        data.folder(tmp_path)


def test_a_class_without_a_picture(bad):
    (bad / "bird").mkdir()
    with pytest.raises(ValueError, match=r"class 'bird' in .* holds no picture that can be read; put photos"):
        data.folder(bad)
    (bad / "bird" / "song.jpg").write_text("tweet")
    with pytest.raises(ValueError, match=r"'bird' .* \(bird/song\.jpg is no picture.*\); put photos into it"):
        data.folder(bad)


def test_the_folder_is_missing_or_no_folder(photos):
    with pytest.raises(FileNotFoundError, match="there is no folder nowhere, nor data/nowhere; make one"):
        data.folder("nowhere")
    with pytest.raises(ValueError, match=r"is a file; give the folder"):
        data.folder(photos / "cat" / "grey.png")


def test_it_is_found_in_the_courses_data_too(photos, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", photos.parent)
    assert data.folder("my-photos").classes == data.folder(str(photos)).classes == ["cat", "dog"]


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """The folder of photos of a workbook in whose lessons the test works, and a course's data beside it."""
    for folder in ("workbook/photos", "workbook/en", "data"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "workbook" / "en")
    monkeypatch.setattr(data, "FOLDER", tmp_path / "data")
    return tmp_path / "workbook" / "photos"


def test_in_a_workbook_its_photos_come_first(workbook, photos):
    for number, place in enumerate([workbook, workbook.parent / "en", data.FOLDER]):
        save(place / "me.png", np.full((2, 3, 3), number, np.uint8))
    assert [data.photo("me.png").max(), (workbook / "me.png").unlink(), data.photo("me.png").max()] == [0, None, 1]
    (workbook.parent / "en" / "me.png").unlink()
    assert data.photo("me.png").max() == 2
    photos.rename(data.FOLDER / "my-photos")
    with pytest.raises(FileNotFoundError, match=r"nor workbook/photos/dogs; make .* workbook/photos/dogs/cat"):
        data.folder("dogs")
    assert data.folder("my-photos").classes == ["cat", "dog"]
    for name in ("a", "b"):
        save(workbook / "my-photos" / name / "one.png")
    assert data.folder("my-photos").classes == ["a", "b"]


def test_a_photo_becomes_its_luminance(workbook):
    colours = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    save(workbook / "me.png", colours)
    grey = data.photo("me.png")
    assert grey.dtype == np.uint8 and (grey == np.rint(images.luminance(colours))).all()
    save(workbook / "large.jpg", np.zeros((1500, 2000, 3), np.uint8))
    assert data.photo("large.jpg").shape == (384, 512) and data.photo(workbook / "large.jpg", 100).shape == (75, 100)


def test_a_photo_that_is_missing_or_none(workbook, monkeypatch):
    with pytest.raises(
        FileNotFoundError, match=r"'me.jpg' here, nor in workbook/photos; copy it into workbook/photos$"
    ):
        data.photo("me.jpg")
    save(workbook / "Me.png")
    (workbook / "README.txt").touch()
    (workbook / "notes.jpg").write_text("no picture")
    with pytest.raises(FileNotFoundError, match=r"choose one that is there: Me\.png, notes\.jpg$"):
        data.photo("me.jpg")
    with pytest.raises(ValueError, match=r"notes\.jpg is no picture, .*; save it anew as JPEG or PNG"):
        data.photo("notes.jpg")
    with pytest.raises(ValueError, match="photos is a folder; give the name of one photo"):
        data.photo(workbook)
    with pytest.raises(TypeError, match="name is None of type NoneType"):
        data.photo(None)
    monkeypatch.chdir(data.FOLDER)
    (data.FOLDER / "registry.toml").touch()
    with pytest.raises(FileNotFoundError, match=r"nor in data; copy it into data$"):
        data.photo("me.jpg")


def test_names_may_be_of_any_language(tmp_path):
    save(tmp_path / "gato-não" / "um.png")
    save(tmp_path / "Hündin" / "zwei.png")
    assert sorted(data.folder(tmp_path).classes) == ["Hündin", "gato-não"]
