"""The real book, built and served as a host would serve it: below a path, at the address it was built for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from tests.site.markup import Markup

PATH = "/vanishing-gradients/"
KINDS = {
    "home": "",
    "chapter": "problem/what-vanishes/",
    "matrix": "fixes/",
    "statements": "evidence/statements-causes/",
    "papers": "evidence/papers-recurrence/",
    "ledger": "evidence/claims/problem/",
    "lab": "labs/batch_normalisation/",
    "quiz": "learn/quiz/",
    "glossary": "learn/glossary/",
    "gallery": "figures/",
    "figure": "figures/depth_decay/",
    "reference": "reference/api/",
}
"""One page of each kind, for what would take too long on all of them."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """A built site in a folder, and the address at which it is served."""

    root: Path
    url: str

    @cached_property
    def pages(self) -> dict[str, Markup]:
        """The markup of every page, by its path below the address: "" is home."""
        files = sorted(self.root.rglob("*.html"))
        return {str(file.relative_to(self.root)).removesuffix("index.html"): Markup.of(file) for file in files}

    def seen(self, look: int, looks: int) -> list[str]:
        """The pages to open in one of several looks: all, but a figure's own page, which repeats a chapter's, once."""
        own = [name for name in self.pages if name.startswith("figures/") and name != "figures/"]
        return [name for name in self.pages if name not in own or own.index(name) % looks == look]

    def target(self, page: str, link: str) -> tuple[str, str]:
        """Where a link on a page leads: a full address, and the fragment."""
        return urldefrag(urljoin(self.url + page, link))

    def file(self, url: str) -> Path:
        """The file that is served at an address of this book."""
        path = self.root / unquote(url.removeprefix(self.url).partition("?")[0])
        return path / "index.html" if url.endswith("/") else path


def build(checkout: Path, site: Path, url: str, **more: str) -> None:
    """Build a checkout of the book for an address; raises RuntimeError with the last lines of a failed build."""
    settings = {"SITE_URL": url, "SOURCE_DATE_EPOCH": "0", "NO_MKDOCS_2_WARNING": "1", **more}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
    done = subprocess.run(
        command, cwd=checkout, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError("the book does not build:\n" + "\n".join((done.stdout + done.stderr).splitlines()[-20:]))


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Serve a folder on a free port; gives its address."""
    with _Server(("127.0.0.1", 0), partial(_Handler, directory=str(root))) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
        server.shutdown()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # a browser opens many connections at once, and a refused one comes back a second later

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a browser that went on to the next page before this one was read."""


class _Handler(SimpleHTTPRequestHandler):
    """Knows nothing outside the book's path, as on a host that several sites share."""

    def translate_path(self, path: str) -> str:
        inside = path.startswith(PATH)
        return super().translate_path(path.removeprefix(PATH[:-1]) if inside else "/outside the book")

    def log_message(self, *arguments: object) -> None:
        """Say nothing of what goes well."""
