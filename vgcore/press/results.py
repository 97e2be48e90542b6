"""What a build has found or made, as the pages show it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from vgcore.press import fresh_seeds, pages
from vgcore.press.built import Built
from vgcore.press.citations import Citation
from vgcore.press.markdown import Shown
from vgcore.press.project import Project


def shown(
    project: Project, built: Built, statuses: Mapping[str, tuple[str, str]], cited: Sequence[Citation]
) -> dict[str, Shown]:
    """Each figure by name; in a preview with its status and what there is to say of it."""
    tried = fresh_seeds.read(project)
    return {
        name: Shown(
            figure=figure,
            entry=built.figures.get(name),
            part=pages.part(name, cited),
            tried=tried.get(name, fresh_seeds.UNTRIED),
            status=statuses.get(name, ("", ""))[0],
            detail=statuses.get(name, ("", ""))[1],
        )
        for name, figure in project.figures.items()
    }


def labs(project: Project, built: Built) -> dict[str, tuple[Path, str | None]]:
    """Each lab's file by its name and, if it has run, its outputs."""
    return {
        name: (project.lab_path(name), built.labs[name].text("outputs.json") if name in built.labs else None)
        for name in project.labs
    }
