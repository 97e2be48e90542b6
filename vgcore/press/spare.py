"""Pages, style sheets and scripts without the bytes that no reader sees."""

import re
from collections.abc import Iterable
from pathlib import Path

_KEPT = re.compile(r"(<(pre|textarea|script|style|svg)\b.*?</\2>)", re.DOTALL)
_BREAK = re.compile(r"\s*\n\s*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_REMARK = re.compile(r"(?:^|[ \t]+)// .*$", re.MULTILINE)
_ICON = re.compile(
    r"--md-(?:admonition|annotation|code-select|details|path|post-pin|source|status|tabbed|tag|tasklist"
    r"|typeset-table-sort|version)[\w-]*:url\((['\"]).*?\1\);?"
)
_HUE = re.compile(r"[^{}]*\[data-md-color-(?:primary|accent)=[^{}]*\{[^{}]*\}")


def page(html: str) -> str:
    r"""A page without indentation and empty lines: a template leaves many.

    Examples:
        >>> page("<ul>\n\n    <li>one\n  </ul><pre>  a\n\n  b</pre>")
        '<ul>\n<li>one\n</ul><pre>  a\n\n  b</pre>'
    """
    parts = _KEPT.split(html)  # text, what is kept, its name, text, ...
    parts[::3] = [_BREAK.sub("\n", text) for text in parts[::3]]
    return "".join(part for number, part in enumerate(parts) if number % 3 != 2)


def style(css: str) -> str:
    r"""A style sheet without comments, indentation and empty lines.

    Examples:
        >>> style("/* Ground */\n\na {\n  color: red; /* for now */\n}\n")
        'a {\ncolor: red;\n}'
    """
    return _BREAK.sub("\n", _COMMENT.sub("", css)).strip()


def theme(css: str) -> str:
    r"""A style sheet of the theme without the pictures and the hues that this book has no use for.

    The pictures are those of notes, tags, tabs and other things that it does not have or shows without; the hues are
    the theme's own primary and accent colours.

    Examples:
        >>> theme(":root{--md-tag-icon:url('data:;<path d=\"M5 5\"/>');--md-nav-icon--next:url('data:')}")
        ":root{--md-nav-icon--next:url('data:')}"
        >>> theme("@media screen{[data-md-color-primary=red]{color:red}[data-md-color-scheme=slate]{color:white}}")
        '@media screen{[data-md-color-scheme=slate]{color:white}}'
    """
    return _HUE.sub("", _ICON.sub("", css))


def script(source: str) -> str:
    r"""A script without remarks, indentation and empty lines; it must have no text of several lines, none with ` // `.

    Examples:
        >>> script("// Extras\n(() => {\n  const one = 1; // the first\n\n  tell(one);\n})();\n")
        '(() => {\nconst one = 1;\ntell(one);\n})();'
    """
    return _BREAK.sub("\n", _REMARK.sub("", source)).strip()


def lighten(site: Path, sheets: Iterable[str], scripts: Iterable[str]) -> None:
    """Rewrite the style sheets and the scripts of a built site, and the theme's style sheets, with the bytes taken out.

    `sheets` and `scripts` are the book's own, as paths below `site`; those that are not there are left out.
    """
    made = [(style, site / name) for name in sheets] + [(script, site / name) for name in scripts]
    for lighter, file in [*made, *((theme, file) for file in site.glob("assets/stylesheets/*.css"))]:
        if file.exists():
            file.write_text(lighter(file.read_text()))


def begin_with(docs: Path, site: Path, name: str) -> None:
    """Put a script of `docs` before the theme's own in a built site, where one may change what the theme does."""
    file = docs / "assets" / name
    for bundle in site.glob("assets/javascripts/bundle.*.js") if file.exists() else ():
        bundle.write_text(f"{script(file.read_text())}\n{bundle.read_text()}")
