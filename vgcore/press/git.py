"""What git says of the checkout that is built, where there is git."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A commit: its name, when it was made (as RFC 3339 has it), its first line, and the files that it touched."""

    name: str
    date: str
    subject: str
    files: frozenset[str]


def commit() -> str:
    """The commit, marked when the checkout differs from it; `unknown` without git."""
    return _said("describe", "--always", "--dirty", "--exclude", "*") or "unknown"


def committed() -> str:
    """When it was made, in seconds since 1970; `0` without git."""
    return _said("log", "-1", "--format=%ct") or "0"


def history(*paths: str) -> Iterator[Commit]:
    """The commits that touched some paths, newest first; none without git, or where only the last ones are there.

    In a shallow clone everything would seem to come from its first commit.
    """
    if _said("rev-parse", "--is-shallow-repository") != "false":
        return
    for record in _said("log", "--format=%x00%H%n%cI%n%s", "--name-only", "--", *paths).split("\0")[1:]:
        name, date, subject, *files = record.split("\n")
        yield Commit(name=name, date=date, subject=subject, files=frozenset(filter(None, files)))


def _said(*arguments: str) -> str:
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
