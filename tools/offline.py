"""Run a command where there is no network: in a network namespace of Linux that has only the loopback.

    unshare --net --map-root-user python tools/offline.py COMMAND...

`make test` runs the lessons and the tests so: what then asks for a network fails.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys

INSIDE = "COURSE_OFFLINE"
# Linux's number for setting an interface's flags, and the flag that says that it works.
SET_FLAGS, UP = 0x8914, 1


def words():
    """What to put before a command to run it without a network; nothing where this system has no such means."""
    # The second way is for those who are not root.
    for options in (["--net"], ["--net", "--map-root-user"]) if shutil.which("unshare") else ():
        before = ["unshare", *options, sys.executable, os.path.abspath(__file__)]
        if subprocess.run([*before, sys.executable, "-c", ""], capture_output=True).returncode == 0:
            return before
    return []


if __name__ == "__main__":
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", UP).ljust(40, b"\0"))
    os.environ[INSIDE] = "1"
    os.execvp(sys.argv[1], sys.argv[1:])
