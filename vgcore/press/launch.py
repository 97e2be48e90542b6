"""Labs on the machines of others: Colab and Binder open them from a branch of a repository on GitHub."""

import json
import re
from collections.abc import Sequence

BRANCH = "notebooks"
"""Where the publishing of the book puts the notebooks, as they are on the site, with what Binder installs for them."""

_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")


def links(repository: str, lab: str) -> dict[str, str]:
    """What opens a lab, by name; nothing without a repository on GitHub.

    Examples:
        >>> links("https://github.com/ada/book", "clipping")["Colab"]
        'https://colab.research.google.com/github/ada/book/blob/notebooks/clipping.ipynb'
        >>> links("", "clipping")
        {}
    """
    found = _REPOSITORY.fullmatch(repository)
    if not found:
        return {}
    return {
        "Colab": f"https://colab.research.google.com/github/{found[1]}/blob/{BRANCH}/{lab}.ipynb",
        "Binder": f"https://mybinder.org/v2/gh/{found[1]}/{BRANCH}?labpath={lab}.ipynb",
    }


def installing(
    cells: Sequence[Sequence[str]], outputs: str | None, repository: str, commit: str
) -> tuple[list[Sequence[str]], str | None]:
    """A lab's cells and outputs behind a cell that installs vgcore where it is missing, if there is a repository."""
    if not links(repository, "any"):
        return list(cells), outputs
    source = (
        "# Where vgcore is missing, as in Colab: install it as it was when this notebook was made.\n"
        "try:\n    import vgcore\nexcept ModuleNotFoundError:\n"
        f'    %pip install --quiet "vgcore[tensorflow] @ git+{repository}@{commit.removesuffix("-dirty")}"'
    )
    return [("code", source), *cells], json.dumps([[], *json.loads(outputs)]) if outputs else None


def quiet(page: str) -> str:
    """A page that does not ask GitHub for its stars and forks, as the theme would have it.

    Examples:
        >>> quiet('<a class="md-source" data-md-component="source">')
        '<a class="md-source">'
    """
    return page.replace(' data-md-component="source"', "")
