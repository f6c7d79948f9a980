"""Run a command where there is no network: in a network namespace of Linux whose only interface is the loopback.

    python tools/offline.py COMMAND...

`make test` runs the lessons and the tests so: what then asks for a network fails.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys

INSIDE = "COURSE_OFFLINE"
# Numbers of Linux for reading and setting an interface's flags, and the flag that says that it works.
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1


class NoNamespaceError(Exception):
    """Why there can be none. `mends` says what a person can do about it; without it, nothing."""

    def __init__(self, reason, mends=""):
        super().__init__(reason)
        self.mends = mends


def words():
    """What to put before a command to run it without a network."""
    if sys.platform != "linux":
        raise NoNamespaceError("only Linux can take the network away from a command")
    if not shutil.which("unshare"):
        raise NoNamespaceError("the program unshare is missing", "install util-linux")
    said = ""
    # The second way is for those who are not root.
    for options in (["--net"], ["--net", "--map-root-user"]):
        before = ["unshare", *options, sys.executable, os.path.abspath(__file__), "--inside"]
        tried = subprocess.run([*before, sys.executable, "-c", ""], capture_output=True, text=True)
        if tried.returncode == 0:
            return before
        said = said or tried.stderr.strip()
        if "Error:" in said:
            raise NoNamespaceError(said.splitlines()[-1], "see tools/offline.py")
    raise NoNamespaceError(f"this system forbids it ({said.splitlines()[-1] if said else 'no reason given'})")


def flags(name, change=0):
    """The flags of an interface, after adding `change` to them."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sH14x", name.encode(), 0))
        found = struct.unpack("16sH14x", asked)[1]
        if change:
            fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", name.encode(), found | change))
            found |= change
    return found


def working():
    """The names of the interfaces that work."""
    return [name for _number, name in socket.if_nameindex() if flags(name) & UP]


def refuse_network():
    """Raise unless the loopback is the only interface that works."""
    found = working()
    if found != ["lo"]:
        raise OSError(f"this is not offline: the interfaces that work are {found}, and only lo may")


def inside(command):
    """In the new namespace: bring the loopback up, look that there is no more, and go on as the command."""
    flags("lo", UP)
    refuse_network()
    os.environ[INSIDE] = "1"
    os.execvp(command[0], command)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2:])
    else:
        os.execvp("unshare", [*words(), *sys.argv[1:]])
