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

    `shell=False` leaves Chromium's headless shell out: to measure what a student waits for.
    """
    named = os.environ.get("COURSE_CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    for name in [SHELL] * shell + NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((Path(place) for place in PLACES if Path(place).is_file()), None)
