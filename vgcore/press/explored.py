"""Where a page lets readers explore runs: room for what a script shows, with all that it needs in it."""

import json
from collections.abc import Callable
from html import escape

from vgcore.press.store import Entry

FILE = "explore.json"
"""The file of what can be explored, beside a figure's pictures."""
SCRIPT = "assets/explore.js"


def room(name: str, title: str, entry: Entry | None, link: Callable[[str], str]) -> str:
    """A figure's room, more for a map. Without the script it is empty and takes no place. One line, for Markdown."""
    mapped = entry and json.loads(entry.text(FILE))["map"]
    kind = "vg-explore vg-mapped" if mapped else "vg-explore"
    return (
        f'<div class="{kind}" role="group" aria-label="Explore: {escape(title)}"><!--explore {name}--></div>'
        f'<script src="{escape(link(SCRIPT))}" defer></script>'
    )


def content(entry: Entry | None) -> str:
    """What is put into the room: a page that lies in a folder could not ask for a file. In a template nothing runs."""
    return f"<template>{escape(entry.text(FILE), quote=False)}</template>" if entry else ""
