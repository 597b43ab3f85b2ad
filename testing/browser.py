# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A browser for tests: Chromium without a window, driven through WebDriver."""

import base64
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# As WebDriver (w3.org/TR/webdriver2) has them.
KEYS = {
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "Home": "\ue011",
    "End": "\ue010",
    "Escape": "\ue00c",
    "Tab": "\ue004",
}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
)


class Browser:
    """A browser with one page open, from `with` to its end."""

    def __enter__(self) -> Self:
        self._driver = subprocess.Popen(
            [_find("chromedriver"), "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if port := re.search(r"successfully on port (\d+)", line):
                break
        else:
            raise RuntimeError("chromedriver ended before it listened")
        self._url = f"http://127.0.0.1:{port[1]}/session"
        options = {"binary": _find("chromium"), "args": ARGUMENTS}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        made = self._ask("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._url += f"/{made['sessionId']}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._ask("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        # Not through a proxy: it is this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def _command(self, name: str, **parameters: Any) -> Any:
        """Give a command of Chromium's own protocol."""
        body = {"cmd": name, "params": parameters}
        return self._ask("POST", "/goog/cdp/execute", body)

    # -- what is shown ------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open a file, and forget what the console said before."""
        self._ask("POST", "/url", {"url": path.resolve().as_uri()})

    def resize(self, width: int, height: int = 900) -> None:
        """Show the page so many pixels wide and high."""
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, scheme: str, media: str = "") -> None:
        """Prefer a colour scheme, "light" or "dark"; perhaps as a medium, "print"."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._command("Emulation.setEmulatedMedia", features=[feature], media=media)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page, and return what it returns."""
        body = {"script": script, "args": list(arguments)}
        return self._ask("POST", "/execute/sync", body)

    def console(self) -> list[str]:
        """Return what the console has said since it was last asked."""
        entries = self._ask("POST", "/se/log", {"type": "browser"})
        return [f"{entry['level']}: {entry['message']}" for entry in entries]

    def screenshot(self, path: Path) -> None:
        """Write a picture of the whole page."""
        shot = self._command(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True
        )
        path.write_bytes(base64.b64decode(shot["data"]))

    def print(self) -> bytes:
        """Return the page as it is printed, as PDF."""
        page: str = self._ask("POST", "/print", {"background": True})
        return base64.b64decode(page)

    # -- what a user does ---------------------------------------------------

    def hover(self, x: float, y: float) -> None:
        """Move the pointer to a place in the window, in pixels."""
        move = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}
        pointer = {"type": "pointer", "id": "mouse", "actions": [move]}
        self._ask("POST", "/actions", {"actions": [pointer]})

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by the names that events have for them."""
        actions = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self._ask("POST", "/actions", {"actions": [keyboard]})


def _find(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"expected {name} to be installed: tools/setup.sh test")
    return found
