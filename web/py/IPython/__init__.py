"""What the course and ipywidgets ask of IPython, on a page."""

version_info = (9, 0, 0)


def get_ipython():
    """No shell."""
