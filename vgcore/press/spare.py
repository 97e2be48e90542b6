"""Pages and style sheets without the bytes that no reader sees."""

import re

_KEPT = re.compile(r"(<(pre|textarea|script|style|svg)\b.*?</\2>)", re.DOTALL)
_BREAK = re.compile(r"\s*\n\s*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


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
