"""Give a widget a message as the kernel does when the page has sent one."""

import comm


def from_browser(widget, **content):
    """What the scripts of a grid send."""
    send(widget, {"method": "custom", "content": content})


def send(widget, data):
    """Any message of ipywidgets, such as another value of a control."""
    message = {"content": {"comm_id": widget.model_id, "data": data}, "buffers": []}
    comm.get_comm_manager().comm_msg(None, None, message)
