"""Chromium, and what it saw on each page of the book."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, Response

from tests.site.book import Book

Scheme = Literal["light", "dark"]
PHONE, DESKTOP = 360, 1280
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The pages are tested in Chromium, and there is none: install Chromium with your system's package manager, "
    "or run .venv/bin/playwright install chromium."
)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
)  # fmt: skip
MEASURE = Path(__file__).with_name("measure.js")


def launch(playwright: Playwright) -> Browser | None:
    """The system's Chromium, or else Playwright's own, or else nothing."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if not path and not Path(playwright.chromium.executable_path).exists():
        return None
    return playwright.chromium.launch(executable_path=path, args=list(QUIET))


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Opens pages of the book in a browser."""

    browser: Browser
    book: Book

    @contextmanager
    def context(self, scheme: Scheme = "light", width: int = DESKTOP, **settings: Any) -> Iterator[BrowserContext]:
        """A reader's browser: a colour scheme, and a window or a phone."""
        size = {"width": width, "height": 740 if width == PHONE else 800}
        context = self.browser.new_context(color_scheme=scheme, viewport=size, **settings)  # type: ignore[arg-type]
        try:
            if settings.get("java_script_enabled", True):
                context.add_init_script(path=MEASURE)
            yield context
        finally:
            context.close()

    @contextmanager
    def page(self, name: str, scheme: Scheme = "light", width: int = DESKTOP, **settings: Any) -> Iterator[Page]:
        """One page, opened."""
        with self.context(scheme, width, **settings) as context:
            page = context.new_page()
            page.goto(self.book.url + name)
            yield page

    @contextmanager
    def pages(
        self, scheme: Scheme, width: int, names: Iterable[str] | None = None
    ) -> Iterator[Iterator[tuple[str, Page]]]:
        """Pages of the book, all if none are named, one after the other in the same window."""
        with self.context(scheme, width) as context:
            window = context.new_page()
            yield (self._turned(window, name) for name in (self.book.pages if names is None else names))

    def _turned(self, window: Page, name: str) -> tuple[str, Page]:
        window.goto(self.book.url + name)
        return name, window

    @cached_property
    def visits(self) -> list["Visit"]:
        """Every page on a light phone and on a dark desktop."""
        looks: list[tuple[Scheme, int]] = [("light", PHONE), ("dark", DESKTOP)]
        return [visit for place, look in enumerate(looks) for visit in self._visits(self.book.seen(place, 2), *look)]

    def _visits(self, names: Iterable[str], scheme: Scheme, width: int) -> Iterator["Visit"]:
        with self.context(scheme, width) as context:
            for name in names:
                window = context.new_page()  # one that was used before would get fonts from its memory
                complaints = listen(window)
                window.goto(self.book.url + name, wait_until="networkidle")
                place = f"{name or 'home'} ({scheme}, {width} px)"
                yield Visit(place=place, page=name, width=width, complaints=complaints, **_looked(window, width))
                window.close()


@dataclass(frozen=True, kw_only=True)
class Word:
    """A piece of text in a picture: size and place in pixels on the screen."""

    text: str
    size: float
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Word") -> bool:
        """Whether the inked parts of both meet."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 1
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 1
        )


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure's SVG as it is shown."""

    name: str
    frame: Word
    words: list[Word]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a browser saw and did while it showed a page."""

    place: str
    page: str
    width: int
    complaints: list[str]
    requests: list[str]
    shift: float
    pictures: list[Picture]
    prose: list[list[int]]
    sideways: dict[int, int]


def _looked(page: Page, width: int) -> dict[str, Any]:
    """What can be measured on a page that has loaded."""
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    return {
        "requests": [page.url, *loaded],
        "shift": page.evaluate("measure.shift()"),
        "pictures": pictures(page),
        "prose": page.evaluate("measure.prose()"),
        "sideways": _sideways(page, width),
    }


def pictures(page: Page) -> list[Picture]:
    """The pictures that a page shows."""
    found = page.evaluate("measure.drawn()")
    return [
        Picture(
            name=one["name"], frame=_word(one["name"], 0, one["box"]), words=[_inked(word) for word in one["words"]]
        )
        for one in found
    ]


def _inked(word: dict[str, Any]) -> Word:
    """A word without the space that a font leaves above and below its letters."""
    found = _word(word["text"], word["size"], word["box"])
    upright = found.right - found.left > found.bottom - found.top or len(found.text) < 2
    space = 0.2 * found.size
    across, along = (0.0, space) if upright else (space, 0.0)
    box = {"left": found.left + across, "right": found.right - across}
    return _word(found.text, found.size, {**box, "top": found.top + along, "bottom": found.bottom - along})


def _word(text: str, size: float, box: dict[str, float]) -> Word:
    return Word(text=text, size=size, **box)


def _sideways(page: Page, width: int) -> dict[int, int]:
    """By how many pixels the page is wider than windows of several widths."""
    found = {}
    for one in (320, 360) if width == PHONE else (DESKTOP // 2, 768, DESKTOP):  # half of it: at a zoom of 200 %
        page.set_viewport_size({"width": one, "height": 800})
        found[one] = int(page.evaluate("measure.wider()"))
    return found


def listen(page: Page) -> list[str]:
    """What goes wrong on a page from now on."""
    heard: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(f"{message.type}: {message.text}")

    def error(error: Error) -> None:
        heard.append(f"uncaught: {error.message}")

    def response(answer: Response) -> None:
        if answer.status >= 400:
            heard.append(f"{answer.status}: {answer.url}")

    page.on("console", console)
    page.on("pageerror", error)
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    page.on("response", response)
    return heard
