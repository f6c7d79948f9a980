"""Many pictures in rows: each at its place, with its title, in common colours."""

import numpy as np
import pytest

from lessons_lib.plots.gallery import gallery
from lessons_lib.plots.style import RED

PICTURES = np.arange(5 * 12.0).reshape(5, 3, 4)


def test_pictures_stand_in_rows_with_their_titles_in_common_colours():
    figure = gallery(PICTURES, range(5), columns=3, marked=[4], colours="signed")
    assert [ax.get_title() for ax in figure.axes] == ["0", "1", "2", "3", "4"]
    for ax, picture in zip(figure.axes, PICTURES, strict=True):
        assert np.array_equal(ax.images[0].get_array(), picture) and ax.images[0].get_clim() == (-59, 59)
    assert [ax.title.get_color() == RED for ax in figure.axes] == [False] * 4 + [True]
    assert figure.axes[3].get_subplotspec().get_geometry() == (2, 3, 3, 3)


def test_rows_have_names_and_lengths_of_their_own_and_colour_pictures_keep_their_colours():
    patches = [[np.zeros((2, 2, 3), np.uint8)], [np.full((4, 4, 3), 9, np.uint8)] * 3]
    figure = gallery(patches, row_names=["first", "second"])
    assert [ax.get_ylabel() for ax in figure.axes] == ["first", "second", "", ""]
    assert [ax.images[0].get_array().max() for ax in figure.axes] == [0, 9, 9, 9]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gallery([]), "pictures is empty"), (lambda: gallery(PICTURES, "ab"), "5 pictures and 2 titles"),
        (lambda: gallery([np.zeros(3)]), "a picture of shape .* has 1 axis"),
        (lambda: gallery([[np.eye(2)]], row_names=["a", "b"]), "give a list of 1"),
        (lambda: gallery(PICTURES, columns=0), "columns is 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
