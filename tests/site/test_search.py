"""What readers type into the search, and the page that should come first, or the pages of which one should."""

import pytest
from playwright.sync_api import Page

from tests.site.browser import Reader

pytestmark = pytest.mark.browser

WANTED = {
    "vanishing gradient": ("problem/",),
    "exploding gradient": ("problem/what-explodes/", "exploding/"),
    "backpropagation": ("problem/how-a-gradient-is-computed/", "learn/glossary/"),
    "chain rule": ("problem/how-a-gradient-is-computed/", "learn/glossary/"),
    "sigmoid saturation": ("causes/saturation/",),
    "xavier initialization": ("fixes/weight-initialisation/", "causes/initialisation/"),
    "batch normalization": ("fixes/batch-normalisation/", "labs/batch_normalisation/"),
    "recurrent layer norm": ("fixes/recurrent-normalisation/",),
    "dying relu": ("fixes/leaky-relu-and-prelu/", "fixes/relu/"),
    "maxout": ("fixes/maxout/",),
    "skip connection": ("fixes/skip-connections/",),
    "resnet": ("fixes/residual-networks/", "labs/residual_networks/"),
    "lstm forget gate": ("fixes/lstm/",),
    "gru": ("fixes/gru/",),
    "gradient clipping": ("fixes/clipping/", "labs/clipping/"),
    "adam epsilon": ("causes/precision/",),
    "float16 underflow": ("causes/precision/",),
    "loss does not decrease": ("signs/",),
    "nan loss": ("exploding/", "fixes/choosing/", "signs/"),
    "diagnose my model": ("signs/diagnose-your-own-model/", "labs/diagnose_your_own_model/"),
    "which fix should I choose": ("fixes/",),
    "pretraining": ("fixes/layer-by-layer-pretraining/",),
}


@pytest.fixture(scope="module")
def first(reader: Reader) -> dict[str, str]:
    """The page that the search puts first for each query."""
    with reader.page("") as page:
        page.locator(".md-search__input").click()
        return {query: _first(page, query).removeprefix(reader.book.url) for query in WANTED}


def _first(page: Page, query: str) -> str:
    field = page.locator(".md-search__input")
    field.fill("")
    field.press("Backspace")
    page.locator(".md-search-result__item").first.wait_for(state="detached")
    field.fill(query[:-1])
    field.press(query[-1])  # the search hears keys; of one alone there is one list of results, and none that is passing
    page.locator(".md-search-result__item").first.wait_for()
    found: str = page.locator(".md-search-result__link").first.evaluate("(link) => link.href")
    return found.partition("?")[0].partition("#")[0]


@pytest.mark.parametrize("query", WANTED)
def test_the_right_page_comes_first(first: dict[str, str], query: str) -> None:
    assert first[query].startswith(WANTED[query]), first[query]
