"""Where a panel stands: panels are side by side in a column, and one above the other on a phone."""

import re

_STACKED = {"Left": "Top", "Right": "Bottom", "On the left": "At the top", "On the right": "At the bottom"}
_SIDE = re.compile(rf"(?<!\S)({'|'.join(_STACKED)})(?=[:,])")


def stacked(words: str) -> str:
    """What words say where panels are stacked: only the beginning of a sentence names a panel.

    Examples:
        >>> stacked("Left: digits right by epoch. Right, logarithmic: what is left.")
        'Top: digits right by epoch. Bottom, logarithmic: what is left.'
    """
    return _SIDE.sub(lambda found: _STACKED[found[1]], words)


def both(html: str) -> str:
    """The same words with either name of a panel, of which a style sheet shows the one that holds.

    Examples:
        >>> both("Left: a coin.")
        '<span class="vg-beside">Left</span><span class="vg-stacked" data-search-exclude>Top</span>: a coin.'
    """
    return _SIDE.sub(
        lambda found: (
            f'<span class="vg-beside">{found[1]}</span>'
            f'<span class="vg-stacked" data-search-exclude>{_STACKED[found[1]]}</span>'
        ),
        html,
    )
