"""The book as an archive that opens without a server: `python -m vgcore.press.offline FOLDER ARCHIVE` packs a build.

Such a build has a file for each page where a site has a folder, so that a browser finds it on a disk.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from vgcore.press import kit

WORKER = "assets/iframe-worker.js"
"""What stands in for a worker, which a page on a disk may not start: the search runs in one."""
ONLINE = ("404.html", "sitemap.xml", "sitemap.xml.gz")
"""What only a server or a search engine has a use for."""

_SCRIPT = re.compile(r'(?<=<script src=")(?:\.\./)+(assets/[^"]+)')


def prepare(config: MkDocsConfig) -> None:
    """Let Material's plugin, where it is on, find the script that it would ask another host for."""
    plugin = config.plugins.get("material/offline")
    if plugin and plugin.config.enabled:
        config.extra["polyfills"] = [WORKER]


def file(place: str) -> str:
    """Where a page of such a build is, given its place on a site.

    Examples:
        >>> file("figures/depth_decay/#code"), file("data/depth_decay.svg"), file("./#doors")
        ('figures/depth_decay.html#code', 'data/depth_decay.svg', 'index.html#doors')
    """
    path, mark, name = place.partition("#")
    if path in ("", "./"):
        return f"index.html{mark}{name}"
    return path.removesuffix("/") + ".html" * path.endswith("/") + mark + name


def place(path: str) -> str:
    """A page's place on a site, given its file in such a build; on a site, where it is.

    Examples:
        >>> place("fixes/index.html"), place("fixes/relu.html"), place("fixes/relu/"), place("data/coins.csv")
        ('fixes/', 'fixes/relu/', 'fixes/relu/', 'data/coins.csv')
    """
    return path.removesuffix("index.html") if path.endswith("index.html") else path.replace(".html", "/")


def scripts(markdown: str, link: Callable[[str], str]) -> str:
    """A page's Markdown with the scripts that it asks for where `link` finds them: their places are written by hand.

    Examples:
        >>> scripts('<script src="../../assets/quiz.js" defer></script>', lambda target: f"../{target}")
        '<script src="../assets/quiz.js" defer></script>'
    """
    return _SCRIPT.sub(lambda found: link(found[1]), markdown)


def pack(site: Path, archive: Path) -> None:
    """Put a built site into an archive, in a folder of the archive's name; the same bytes for the same site."""
    files = [one for one in site.rglob("*") if one.is_file() and one.name not in ONLINE]
    archive.write_bytes(kit.archive({f"{archive.stem}/{one.relative_to(site)}": one.read_bytes() for one in files}))


if __name__ == "__main__":
    pack(*map(Path, sys.argv[1:]))
