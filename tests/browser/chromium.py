"""Where a Chromium, Chrome or Edge is on this machine."""

import os
import shutil
from pathlib import Path

# The same engine without windows of its own: the tests take a third less time.
SHELL = "chromium-headless-shell"
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]


def find(shell=True):
    """The path of a browser, COURSE_CHROMIUM before all others; None when there is none.

    `shell=False` leaves Chromium's headless shell out.
    """
    named = os.environ.get("COURSE_CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    for name in [SHELL] * shell + NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((Path(place) for place in PLACES if Path(place).is_file()), None)


def of_students():
    """The path of a browser with windows, as a string: to measure what a student waits for."""
    found = find(shell=False)
    if found is None:
        raise FileNotFoundError(
            "measuring needs Chromium, Chrome or Edge, and not only Chromium's headless shell; install one (Debian: "
            "apt install chromium) or name it in COURSE_CHROMIUM"
        )
    return str(found)
