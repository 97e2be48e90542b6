"""What went wrong, in sentences: which experiment and seed, which claim on which page and line."""

import traceback
from collections.abc import Iterator, Sequence

from vgcore.press.built import Failure
from vgcore.press.citations import Citation
from vgcore.press.markdown import Pages
from vgcore.press.pages import cited_in, with_values


def failures(failed: list[Failure]) -> Iterator[str]:
    """One sentence for each thing that has no result."""
    for one in failed:
        seed = "" if one.seed is None else f", seed {one.seed}"
        place = f" ({one.place})" if one.place else ""
        yield f"{one.what}{seed}{place}: {one.message}"


def broken_claims(pages: Pages, cited: Sequence[Citation]) -> Iterator[str]:
    """For each claim that does not hold: its sentence, page and line, the value of each seed, the bounds."""
    for name, shown in pages.shown.items():
        for claim in shown.figure.claims:
            verdict = shown.verdict(claim)
            if verdict is None or verdict["holds"]:
                continue
            places = list(cited_in(f"{name}.{claim}", pages.shown, cited)) or [("", shown.figure.file, 0)]
            sentence, page, line = places[0]
            words = with_values(pages, sentence, name)
            also = "".join(f", also {other}:{number}" for _, other, number in places[1:])
            yield (
                f"{page}:{line}{also}: the claim {name}.{claim} does not hold: “{words}” — "
                f"measured {_values(verdict['values'])}, but it must be {verdict['bounds']}"
            )


def _values(values: dict[str, float]) -> str:
    if "-1" in values:
        return f"{values['-1']:g} over all seeds"
    return ", ".join(f"{value:g} (seed {seed})" for seed, value in values.items())


def sentence(error: BaseException) -> str:
    """An error in a file of the project as one sentence."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    return str(error) or "".join(traceback.format_exception_only(error)).strip()


def together(errors: list[str]) -> str:
    """All of them at once, so that one build shows everything there is to mend."""
    count = "1 thing" if len(errors) == 1 else f"{len(errors)} things"
    return f"{count} to mend:\n" + "\n".join(f"  {error}" for error in errors)
