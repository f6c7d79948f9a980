"""Python's half of a page: cells are run and widgets hear what a reader does, by the frames of the module `_host`."""

import ast
import hashlib
import json
import linecache
import os
import struct
import sys
import types

import _host
import comm
from comm.base_comm import BaseComm, CommManager

namespace = {"__name__": "__main__"}
now = types.SimpleNamespace(cell=None, show=False, modules="")


def post(kind, content, buffers=()):
    """Send a frame to the page."""
    parts = [bytes(memoryview(one).cast("B")) for one in buffers]
    head = json.dumps([kind, content, [len(one) for one in parts]]).encode()
    _host.call(b"\1" + struct.pack("<I", len(head)) + head + b"".join(parts))


class PageComm(BaseComm):
    """A comm whose other end is the page."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """Send a message; a widget's own module is a file of the page, since its policy runs no text."""
        state = (data or {}).get("state", {})
        if "_esm" in state:
            state["_esm"] = f"{now.modules}{hashlib.sha256(state['_esm'].encode()).hexdigest()[:16]}.js"
        content = {"comm_id": self.comm_id, "data": data or {}, "metadata": metadata or {}, **keys}
        post(msg_type, content, buffers or ())


manager = CommManager()
comm.get_comm_manager = lambda: manager
comm.create_comm = PageComm
# The files of a page do not say who may write; matplotlib asks.
os.access = lambda *_args, **_options: True


def display(*values, raw=False, **_options):
    """What IPython's `display` does, for the cell whose output is shown."""
    for value in values if now.show else ():
        made = value if raw else bundle(value)
        view = made.get("application/vnd.jupyter.widget-view+json")
        shown = {"cell": now.cell, "model": view and view["model_id"]}
        post("shown", shown | {"html": made.get("text/html"), "text": made.get("text/plain")})


def bundle(value):
    """A value in the forms in which it can be shown; a panel's still is not drawn, since the panel is there."""
    if hasattr(value, "get_view_spec"):
        return {
            "application/vnd.jupyter.widget-view+json": value.get_view_spec(),
            "text/plain": getattr(value, "sentence", None),
        }
    if hasattr(value, "_repr_html_"):
        return {"text/html": value._repr_html_()}
    return {"text/plain": repr(value)}


def run(code):
    """Run the code of the cell, and show its last value."""
    name = f"<{now.cell}>"
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    tree = ast.parse(code, name)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    value = eval(compile(last, name, "eval"), namespace) if last else None
    if value is not None:
        display(value)


def step():
    """Take one frame and deal with it."""
    frame = _host.call(b"\0")
    (length,) = struct.unpack_from("<I", frame)
    kind, content, sizes, number = json.loads(frame[4 : 4 + length])
    buffers, at = [], 4 + length
    for size in sizes:
        buffers.append(memoryview(frame)[at : at + size])
        at += size
    try:
        if kind == "cell":
            now.cell, now.show = content["id"], content.get("show", False)
            run(content["code"])
        else:
            manager.comm_msg(None, None, {"content": content, "buffers": buffers, "header": {"msg_id": number}})
    except BaseException as error:
        post("error", {"number": number, "text": f"{type(error).__name__}: {error}"})
    sys.stdout.flush()
    post("idle", {"number": number})
    linecache.cache = {name: one for name, one in linecache.cache.items() if name[0] != "<" or name == f"<{now.cell}>"}
