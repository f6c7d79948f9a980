"""How every picture looks: grids, charts, galleries, and `Picture`, the figure that shows itself."""

from lessons_lib.plots.style import Picture as Picture
