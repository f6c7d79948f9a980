"""The controls of a panel: ipywidgets with their whole description beside them, and a width where one is given."""

import ipywidgets as widgets

STYLE = {"description_width": "initial"}


def dropdown(description, options, value, width=None):
    """A list of values, or of pairs of text and value, to choose from.

    >>> dropdown("kernel", [("sharpen", 1), ("blur", 2)], 2).label
    'blur'
    """
    return _make(widgets.Dropdown, description, width, options=options, value=value)


def toggle_buttons(description, options, value, width="auto", button_width="auto"):
    """A row of buttons, of which one is pressed; for two to four options.

    >>> toggle_buttons("keep the", ["max", "mean"], "mean").index
    1
    """
    style = {"button_width": button_width}
    return _make(widgets.ToggleButtons, description, width, style, options=options, value=value)


def checkbox(description, value=False, width=None):
    """A box to tick.

    >>> checkbox("ReLU", True).value
    True
    """
    return _make(widgets.Checkbox, description, width, value=bool(value), indent=False)


def slider(description, value, low, high, step=1, width=None):
    """A slider of whole numbers, or of floats where `step` is one.

    >>> slider("stride S", 2, 1, 4).value, slider("red ×", 1, 0, 2, step=0.05).value
    (2, 1.0)
    """
    kind = widgets.IntSlider if isinstance(step, int) else widgets.FloatSlider
    return _make(kind, description, width, min=low, max=high, step=step, value=value)


def log_slider(description, value, low, high, step=0.05, width=None):
    """A slider from 10 to the power of `low` to 10 to the power of `high`, in steps of the exponent.

    >>> log_slider("temperature", 1, -1, 1).max
    1.0
    """
    traits = {"min": low, "max": high, "step": step, "value": value, "readout_format": ".2f"}
    return _make(widgets.FloatLogSlider, description, width, **traits)


def selection_slider(description, options, value, width=None):
    """A slider over values, or over pairs of text and value.

    >>> selection_slider("learning rate", [("0.1", 0.1), ("1", 1.0)], 1.0).label
    '1'
    """
    return _make(widgets.SelectionSlider, description, width, options=options, value=value)


def number_box(description, value, low, high, width=None):
    """A box to type a whole number into; a number outside the limits becomes the nearest of them.

    >>> number_box("K, kernels", 99, 1, 64).value
    64
    """
    return _make(widgets.BoundedIntText, description, width, min=low, max=high, value=value)


def button(description, act, icon="", tooltip=None, width="auto"):
    """A button that calls `act()`.

    >>> pressed = []
    >>> button("Undo", lambda: pressed.append("undo")).click()
    >>> pressed
    ['undo']
    """
    layout = {"width": width}
    made = widgets.Button(description=description, icon=icon, tooltip=tooltip, layout=layout)
    made.on_click(lambda _button: act())
    return made


def _make(kind, description, width, style=None, **traits):
    layout = {} if width is None else {"width": width}
    return kind(description=description, style=STYLE | (style or {}), layout=layout, **traits)
