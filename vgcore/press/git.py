"""What git says of the checkout that is built, where there is git."""

import subprocess


def commit() -> str:
    """The commit, marked when the checkout differs from it; `unknown` without git."""
    return _said("describe", "--always", "--dirty", "--exclude", "*") or "unknown"


def committed() -> str:
    """When it was made, in seconds since 1970; `0` without git."""
    return _said("log", "-1", "--format=%ct") or "0"


def _said(*arguments: str) -> str:
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
