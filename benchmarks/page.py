"""What a page of the course costs: bytes and seconds to the first panel over lines of three speeds, and memory.

A fresh browser reads lesson 2, touches its first panel, and then the last one, which wakes all. Chromium's own brake
makes the line slow, for the page's worker too; the host counts the bytes.
"""

import sys
from pathlib import Path
from time import perf_counter

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tools")]
import chromium  # noqa: E402 (found only now)
import lab  # noqa: E402

import make_site  # noqa: E402

LESSON = "en/02-filtering/"
SPEEDS = {"this machine": None, "20 Mbit/s": 20, "5 Mbit/s": 5}
# MB to the first panel; seconds from the touch to it, on this machine; MB of memory with all panels alive.
LIMITS = {"loaded": 20, "seconds": 10, "memory": 600}
PATIENCE = 180_000
sent = []


class Counting(make_site.Handler):
    """A host that counts."""

    def copyfile(self, source, outputfile):
        """Send a file."""
        sent.append(outputfile.write(source.read()))


def measure():
    """One dict for each speed: `read` and `loaded`, MB before and after the touch; `seconds`; `memory` in MB."""
    make_site.build()
    rows = []
    with make_site.host(Counting) as address, sync_playwright() as playwright:
        for line, megabits in SPEEDS.items():
            browser = playwright.chromium.launch(executable_path=chromium.of_students(), args=lab.CHROMIUM_FLAGS)
            page = browser.new_page()
            if megabits:
                speed = {"downloadThroughput": megabits * 125_000, "uploadThroughput": megabits * 125_000}
                network = page.context.new_cdp_session(page)
                network.send("Network.enable")
                network.send("Network.emulateNetworkConditions", {"offline": False, "latency": 20, **speed})
            sent.clear()
            page.goto(address + LESSON, wait_until="networkidle")
            read, start = sum(sent), perf_counter()
            page.locator(".live:has(img) .touch").first.click()
            page.locator(".alive .lesson-sentence").first.wait_for(timeout=PATIENCE)
            seconds, loaded = perf_counter() - start, sum(sent) - read
            page.locator(".live .touch").last.click()
            page.locator(".live:not(.alive)").first.wait_for(state="detached", timeout=PATIENCE)
            memory = max(map(of_tab, psutil.Process().children(recursive=True)))
            rows.append({
                "line": line, "read": read / 1e6, "loaded": loaded / 1e6, "seconds": seconds, "memory": memory / 1e6,
            })  # fmt: skip
            browser.close()
    return rows


def of_tab(process):
    """The bytes that a process of Chromium has for itself; 0 if it draws no page."""
    return process.memory_full_info().uss if "--type=renderer" in process.cmdline() else 0
