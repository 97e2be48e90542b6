"""Formulas become MathML with the structure that the LaTeX says, once, and never where they are no formulas."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vgcore.press import formulas
from vgcore.press.formulas import FormulaError, Formulas, mathml

INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064"))


def parsed(source: str, display: bool = True) -> ElementTree.Element:
    return ElementTree.fromstring(mathml(source, display))


def text(element: ElementTree.Element | None) -> str:
    """What is written in an element, without spaces and invisible operators."""
    assert element is not None
    return "".join("".join(element.itertext()).translate(INVISIBLE).split())


def children(source: str, path: str) -> list[str]:
    """The texts of the children of the first element at `path`."""
    found = parsed(source).find(path)
    assert found is not None, f"no {path} in the formula"
    return [text(child) for child in found]


@pytest.fixture
def no_javascript(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if mini-racer were not installed, and no formula had been typeset yet."""
    monkeypatch.setattr(formulas, "_typesetter", formulas._typesetter.__wrapped__)
    monkeypatch.setattr(formulas, "find_spec", lambda _: None)


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        (r"\frac{\partial L}{\partial h_1} = W_2^\top D_2 \cdots", ".//mfrac", ["∂L", "∂h1"]),
        (r"\frac{\partial L}{\partial h_1} = W_2^\top D_2 \cdots", ".//msubsup", ["W", "2", "⊤"]),
        (r"\chi = \sigma_w^2 \mathbb{E}[\phi'(\sqrt{q^*}z)^2]", ".//msqrt/msup", ["q", "∗"]),
        (r"\chi = \sigma_w^2 \mathbb{E}[\phi'(\sqrt{q^*}z)^2]", ".//msubsup", ["σ", "w", "2"]),
        (r"\sum_{i=1}^n x_i", ".//munderover", ["∑", "i=1", "n"]),
        (r"\prod_{l=2}^{L} W_l", ".//munderover", ["∏", "l=2", "L"]),
        (r"\sqrt[3]{x}", ".//mroot", ["x", "3"]),
        (r"\left(\frac{1}{2}\right)^{1/2}", ".//msup", ["(12)", "1/2"]),
        (r"\begin{aligned} h &= \phi(a) \\ a &= Wx + b \end{aligned}", ".//mtable/mtr[2]", ["a", "=Wx+b"]),
        (r"f = \begin{cases} 1 & \text{if } x > 0 \\ \alpha & x \le 0 \end{cases}", ".//mtable/mtr[1]", ["1", "ifx>0"]),
        (r"z \sim \mathcal N(0, 1)", "./mrow", ["z", "∼", "𝒩", "(0,1)"]),
        (r"\lVert W \rVert \le 1 \approx \chi", "./mrow", ["‖W‖", "≤", "1", "≈", "χ"]),
        (r"\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}", ".//mover", ["x", "ˆ"]),
        (r"10^{-12}", ".//msup", ["10", "−12"]),
    ],
)
def test_structure_is_what_the_latex_says(source: str, path: str, expected: list[str]) -> None:
    assert children(source, path) == expected


def test_operator_name_is_one_identifier() -> None:
    assert "Var" in [element.text for element in parsed(r"\operatorname{Var}[W]").iter("mi")]


def test_brackets_of_left_and_right_stretch() -> None:
    stretchy = [
        element.text for element in parsed(r"\left(\frac12\right)").iter("mo") if element.get("stretchy") == "true"
    ]
    assert stretchy == ["(", ")"]


def test_text_keeps_its_spaces() -> None:
    (words,) = parsed(r"x \text{ if and only if } y").iter("mtext")
    assert (words.text or "").replace("\u00a0", " ") == " if and only if "


@pytest.mark.parametrize("display", [True, False])
def test_displayed_is_block(display: bool) -> None:
    assert (parsed("x", display).get("display") == "block") is display


def test_source_is_the_text_alternative() -> None:
    assert parsed("a <\n b").get("alttext") == "a < b"


def test_styles_are_css() -> None:
    """An empty cell and an accent are where Temml writes what a style sheet does not know."""
    source = r"\begin{cases} \hat x & y \\ 0 \end{cases}"
    names = {part.partition(":")[0] for cell in parsed(source).iter() for part in cell.get("style", "").split(";")}
    assert names <= {"", "padding-left", "padding-right"}


@pytest.mark.parametrize(
    "source", [r"\nosuch{x}", r"\frac{1}", r"a & b", r"\left( x", r"{x", r"\includegraphics{a}", "é"]
)
def test_invalid_is_one_sentence_naming_the_formula(source: str) -> None:
    with pytest.raises(FormulaError) as caught:
        mathml(source)
    (sentence,) = caught.value.sentences
    assert sentence.startswith(f"The formula {source} cannot be typeset: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "\u0332" not in sentence


def test_macros_do_not_leak_into_the_next_formula() -> None:
    mathml(r"\gdef\leaked{1}\leaked")
    with pytest.raises(FormulaError, match="leaked"):
        mathml(r"\leaked")


def test_order_does_not_matter() -> None:
    sources = [r"\chi", r"\frac12", r"\mathbb{E}[x]"]
    forwards = {source: mathml(source) for source in sources}
    assert forwards == {source: mathml(source) for source in reversed(sources)}


def test_works_inside_and_after_an_event_loop() -> None:
    async def inside() -> str:
        return mathml("x")

    assert asyncio.run(inside()) == mathml("x")


def test_threads_get_their_own_answers() -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(mathml, (f"x_{{{number}}}" for number in range(40))))
    assert [f"<mn>{number}</mn>" in answer for number, answer in enumerate(answers)] == [True] * 40


def test_typesetter_that_ended_is_started_again() -> None:
    process = formulas._typesetter()
    process.kill()
    process.wait()
    with pytest.raises(RuntimeError, match="ended early"):
        mathml("x")
    assert mathml("x")


@pytest.mark.usefixtures("no_javascript")
def test_missing_mini_racer_says_what_to_install() -> None:
    with pytest.raises(ImportError, match=r'pip install "vgcore\[site\]"'):
        mathml("x")


# Cache


PAGE = r'<p>Here <span class="arithmatex">\(\chi\)</span> is one.</p>'


def test_unchanged_page_starts_no_javascript(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    first = Formulas(tmp_path / "formulas.json").replace(PAGE)
    request.getfixturevalue("no_javascript")
    assert Formulas(tmp_path / "formulas.json").replace(PAGE) == first


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"key": 3}', "\udcff"])
def test_damaged_cache_is_made_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "formulas.json"
    whole = Formulas(path).replace(PAGE)
    good = path.read_bytes()
    path.write_bytes(damage.encode(errors="surrogateescape"))
    assert Formulas(path).replace(PAGE) == whole
    assert path.read_bytes() == good


def test_truncated_formula_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "formulas.json"
    whole = Formulas(path).replace(PAGE)
    path.write_text(path.read_text(encoding="utf-8").replace("<math", "ath"), encoding="utf-8")
    assert Formulas(path).replace(PAGE) == whole


def test_inline_and_displayed_are_kept_apart() -> None:
    book = Formulas()
    assert book.mathml("x", display=True) != book.mathml("x", display=False)


def test_another_temml_makes_formulas_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    Formulas(tmp_path / "formulas.json").replace(PAGE)
    other = tmp_path / "temml.min.js"
    other.write_bytes(formulas.TEMML.read_bytes() + b"//")
    monkeypatch.setattr(formulas, "TEMML", other)
    formulas._maker.cache_clear()
    request.addfinalizer(formulas._maker.cache_clear)
    request.getfixturevalue("no_javascript")
    with pytest.raises(ImportError):
        Formulas(tmp_path / "formulas.json").replace(PAGE)


def test_nothing_but_the_cache_is_left_behind(tmp_path: Path) -> None:
    Formulas(tmp_path / "new" / "formulas.json").replace(PAGE)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["formulas.json"]


# Rendered pages


def test_source_in_a_page_is_unescaped() -> None:
    html = Formulas().replace('<span class="arithmatex">\\(a &lt; b&#39;\\)</span>')
    assert html == mathml("a < b'")


def test_displayed_formula_has_its_own_block() -> None:
    html = Formulas().replace('<div class="arithmatex">\\[\n\\frac{1}{2}\n\\]</div>')
    assert html.startswith('<div class="vg-formula"><math display="block"')
    assert html.endswith("</math></div>")


def test_line_break_command_ends_no_formula() -> None:
    html = Formulas().replace(r'<div class="arithmatex">\[\begin{aligned}a\\[2pt]b\end{aligned}\]</div>')
    assert html.count("<mtr>") == 2


def test_punctuation_stays_with_its_formula() -> None:
    html = Formulas().replace(r'see (<span class="arithmatex">\(x\)</span>), then')
    assert html.startswith('see <span class="vg-nobreak">(<math')
    assert html.endswith("</math>),</span> then")


def test_every_wrong_formula_of_a_page_is_named() -> None:
    page = "".join(
        rf'<span class="arithmatex">\({source}\)</span>' for source in (r"\first", "x", r"\second", r"\first")
    )
    with pytest.raises(FormulaError) as caught:
        Formulas().replace(page)
    assert [sentence.split()[2] for sentence in caught.value.sentences] == [r"\first", r"\second"]


def test_code_that_shows_arithmatex_is_untouched() -> None:
    html = r"<code>&lt;span class=&quot;arithmatex&quot;&gt;\(x\)&lt;/span&gt;</code>"
    assert Formulas().replace(html) == html


# Markdown of notebooks


@pytest.mark.parametrize(
    "markdown",
    [
        "It costs $5 and $10.",
        "From US$5-$10 a month.",
        r"An escaped \$x\$ stays.",
        r"Between \$5 and 6$ a month.",
        "Code `$x$` and ``a ` $y$``.",
        "```python\nprice = '$x$'\n```\n",
        "~~~\n$x$\n```\n$y$\n~~~\n",
        "- item\n\n  ```\n  $x$\n  ```\n",
        "```\nnever closed $x$\n",
        "<pre>$x$</pre>",
        "one $x\n\ny$ two",
        "`code` and $5, then `$x$`",
    ],
)
def test_what_is_no_formula_is_untouched(markdown: str) -> None:
    assert Formulas().replace_in_markdown(markdown) == markdown


@pytest.mark.parametrize(
    ("markdown", "formulas_in_it"),
    [
        ("$x$", 1),
        ("$10^{-12}$ of $h_1$, `$n$` of $W$", 3),
        (r"$\$5 < x$", 1),
        ("```\n$a$\n```\n$x$", 1),
        ("```inline``` $x$", 1),
        (r"\\$x$", 1),
        ("$$\n\\frac{1}{2}\n$$", 1),
        ("**$x$** | $|y|$", 2),
    ],
)
def test_formulas_in_markdown(markdown: str, formulas_in_it: int) -> None:
    assert Formulas().replace_in_markdown(markdown).count("<math") == formulas_in_it


def test_markdown_finds_no_signs_of_its_own_in_a_formula() -> None:
    assert not set("*_`|\\$~") & set(Formulas().replace_in_markdown(r"$|a_1| * \tilde b_2 * [c](d)$"))


def test_displayed_formula_may_stand_in_a_list() -> None:
    html = Formulas().replace_in_markdown("- where $$x$$ holds")
    assert html.startswith('- where <span class="vg-formula"><math display="block"')
    assert html.endswith("</math></span> holds")


def test_every_wrong_formula_in_markdown_is_named() -> None:
    with pytest.raises(FormulaError) as caught:
        Formulas().replace_in_markdown(r"$\first$ and $$\second$$")
    assert len(caught.value.sentences) == 2
