"""A folder of photos such as students make them: every kind of picture, and what is none."""

import shutil

import numpy as np
from PIL import Image


def save(path, array=None, **how):
    path.parent.mkdir(parents=True, exist_ok=True)
    if array is None:
        array = np.full((20, 30, 3), 90, np.uint8)
    Image.fromarray(array).save(path, **how)


def pictures(place):
    """Two classes of six pictures each, no two of one kind."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    save(place / "cat" / "a plain one.png", noise)
    save(place / "cat" / "grey.png", noise[..., 0])
    save(place / "cat" / "one pixel.png", noise[:1, :1])
    save(place / "cat" / "long.jpg", np.full((3, 4000, 3), 200, np.uint8))
    see_through = np.dstack([np.zeros((8, 9, 3), np.uint8), np.full((8, 9), 0, np.uint8)])
    save(place / "cat" / "see through.png", see_through)
    turned = Image.Exif()
    turned[0x0112] = 6
    bars = np.zeros((20, 50, 3), np.uint8)
    bars[:, :25] = 255
    save(place / "cat" / "turned.jpg", bars, exif=turned, quality=95)
    save(place / "dog" / "deep.png", (np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000))
    save(place / "dog" / "palette.gif", noise[..., 0])
    Image.fromarray(noise).convert("CMYK").save(place / "dog" / "cmyk.jpg")
    Image.fromarray(noise[..., 0] > 127).save(place / "dog" / "bits.png")
    Image.fromarray(noise[..., 0].astype(np.float32)).save(place / "dog" / "floats.tiff")
    save(place / "dog" / "a jpeg named.png", noise, format="JPEG")
    shutil.move(place / "cat" / "a plain one.png", place / "cat" / "no ending")


def no_pictures(place):
    """Beside them, what is no picture."""
    whole = place / "dog" / "cut off.jpg"
    save(whole, np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8))
    whole.write_bytes(whole.read_bytes()[:3000])
    (place / "dog" / "notes.jpg").write_text("This is a text file.")
    (place / "cat" / "empty.png").write_bytes(b"")
    (place / "cat" / "Thumbs.db").write_bytes(bytes(range(256)))
    (place / "cat" / "noise.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(200)))
    (place / "cat" / "inside").mkdir()
    (place / "readme.txt").write_text("beside the classes")
    (place / ".DS_Store").write_bytes(b"hidden")
    (place / "dog" / ".hidden.jpg").write_bytes(b"hidden")
