"""The command line: `vgcore run | build | explain | claims`, in a checkout of the book; `vgcore diagnose` anywhere."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from vgcore.press.build import Edition, Press
    from vgcore.press.built import Built

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Vanishing Gradients, Measured: run the experiments, draw the figures, check the claims.",
)  # fmt: skip

Names = Annotated[list[str] | None, typer.Argument(help="Figures and labs, or nothing for the whole book.")]
Seeds = Annotated[int, typer.Option("--seeds", min=1, help="How many seeds.")]
Offset = Annotated[int, typer.Option("--seed-offset", min=0, help="The first seed.")]
Count = Annotated[int | None, typer.Option("--workers", min=1, help="Worker processes; all cores if not given.")]
Smoke = Annotated[bool, typer.Option("--smoke", help="The small configuration of the tests.")]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask", metavar="ADDRESS", help="Measure on this scheduler's workers, which run in a checkout like this."
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Make nothing; fail if anything is stale.")]


@app.command()
def run(
    experiment: Annotated[str, typer.Argument(help="One experiment.")],
    seeds: Seeds = 1,
    seed_offset: Offset = 0,
    smoke: Smoke = False,
) -> None:
    """Run one experiment here and now, and print its tables as CSV; nothing is stored."""
    from vgcore.press import tasks
    from vgcore.press.workers import SETTINGS

    press = _press(_edition(smoke, seed_offset, seeds))
    _known(experiment, press.project.experiments, "experiment")
    os.environ.update(SETTINGS)
    variant = press.edition.variant
    for outcome in tasks.measure(experiment, variant, press.project.seeds_of(experiment, press.edition.seeds)):
        if outcome.failure:
            _fail(f"experiment {experiment}, seed {outcome.seed}: {outcome.failure}")
        for file, content in outcome.files.items():
            typer.echo(f"# {experiment}, seed {outcome.seed}, {file}")
            typer.echo(content.decode(), nl=False)


@app.command()
def build(
    names: Names = None, workers: Count = None, smoke: Smoke = False, seeds: Seeds = 5, seed_offset: Offset = 0,
    dask: Dask = None, check: Check = False,
) -> None:  # fmt: skip
    """Bring runs, figures and labs up to date, and check the claims; the pages are `mkdocs build`'s work."""
    from vgcore.press.cluster import Cluster

    press = _press(_edition(smoke, seed_offset, seeds), names)
    stale = press.stale(press.fresh()) if check else []
    if stale:
        _fail(f"stale: {', '.join(stale)}; `vgcore explain NAME` says why, `vgcore build` makes them")
    with nullcontext() if dask is None else Cluster(dask) as cluster:
        built = press.build(workers, cluster)
    made = ", ".join(sorted(built.made)) or "nothing, all of it was up to date"
    typer.echo(f"made: {made}")
    # At smoke size a claim need not hold: the runs are too short to say anything.
    _end(press, built, check=not smoke)


store = typer.Typer(no_args_is_help=True, help="The folder in which results are kept.")
app.add_typer(store, name="store")


@store.command()
def prune() -> None:
    """Remove what neither this checkout's book is made from nor was made last; the rest can be made again."""
    press = _press(_edition(False, 0, 5))
    count, size = press.store.prune(press.wanted())
    typer.echo(f"removed {count} {'result' if count == 1 else 'results'}, {size / 1e6:.1f} MB")


@store.command()
def times() -> None:
    """Keep how long each experiment took, for a checkout that has not run them yet: it begins with the longest."""
    from vgcore.press.schedule import COMMITTED

    press = _press(_edition(False, 0, 5))
    known = press.times.commit(press.project.root / COMMITTED, press.project.experiments)
    typer.echo(f"{COMMITTED}: {known} of {len(press.project.experiments)} experiments")


@app.command()
def claims(
    names: Names = None,
    seed_offset: Offset = 0,
    seeds: Seeds = 5,
    workers: Count = None,
    record: Annotated[bool, typer.Option("--record", help="Keep what comes out for the ledger.")] = False,
) -> None:
    """Hold every claim against seeds of your choice: one line a claim, and failure if one does not hold."""
    from vgcore.press import fresh_seeds

    press = _press(_edition(False, seed_offset, seeds), names)
    built = press.build(workers)
    for name, entry in sorted(built.figures.items()):
        for claim, verdict in entry.record["claims"].items():
            state = "holds" if verdict["holds"] else "FAILS"
            span = f"{verdict['lowest']} to {verdict['highest']}"
            typer.echo(f"{state}  {name}.{claim}: {verdict['text']} ({span}; {verdict['bounds']})")
    if record:
        fresh_seeds.write(press.project, built, seed_offset, seeds)
    _end(press, built, check=True)


@app.command()
def explain(
    name: Annotated[str | None, typer.Argument(help="A figure, an experiment or a lab, or nothing for all.")] = None,
) -> None:
    """Say why a result is fresh or stale: which function changed, and by which path it is reached."""
    from vgcore.press import explain as reasons

    press = _press(_edition(False, 0, 5))
    for line in reasons.explain_all(press) if name is None else reasons.explain(press, name):
        typer.echo(line)


@app.command()
def diagnose(
    model: Annotated[Path, typer.Argument(help="A model that Keras has saved, MODEL.keras.")],
    data: Annotated[
        Path, typer.Option("--data", help="An .npz file with the arrays x and y; x_NAME, y_NAME if several.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write a report to this file.")] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Run code that the model's file brings along.")] = False,
) -> None:
    """Say whether a model suffers from vanishing or exploding gradients; exit 0: no, 1: yes, 2: it cannot be told."""
    from vgcore.diagnosis import files

    try:
        report = files.diagnose_file(model, data, trust=trust)
        if html:
            html.write_text(report.to_html())
    except files.UNREADABLE as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    typer.echo(files.as_json(report) if as_json else str(report))
    raise typer.Exit(2 if report.missing else int(report.severity == "alarm"))


def main() -> None:
    """The console script: what can be mended is said in one sentence, not in a traceback."""
    try:
        app()
    except ModuleNotFoundError as error:
        from vgcore.press.workers import missing

        if not missing(error):
            raise
        sys.exit(missing(error))
    except (ValueError, SyntaxError) as error:
        from vgcore.press import report
        from vgcore.press.project import ProjectError

        if not isinstance(error, ProjectError | SyntaxError):
            raise
        sys.exit(report.sentence(error))


def _edition(smoke: bool, offset: int, count: int) -> "Edition":
    from vgcore.press.build import Edition

    return Edition(variant="smoke" if smoke else "published", seed_offset=offset, seed_count=count)


def _press(edition: "Edition", only: list[str] | None = None) -> "Press":
    from vgcore.press.build import Press
    from vgcore.press.project import CACHE, Project
    from vgcore.press.store import Store

    root = Path.cwd()
    project = Project(root)
    for name in only or ():
        _known(name, (*project.figures, *project.labs), "figure or lab")
    return Press(project, Store(root / CACHE, say=_say), edition, say=_say, only=only or None)


def _known(name: str, names: tuple[str, ...], what: str) -> None:
    from vgcore.press.project import nearest

    if name not in names:
        _fail(f"there is no {what} {name!r}: {nearest(name, names)}")


def _end(press: "Press", built: "Built", *, check: bool) -> None:
    from vgcore.press import report
    from vgcore.press.citations import citations_in
    from vgcore.press.markdown import Pages, Shown

    shown = {
        name: Shown(figure=press.project.figures[name], entry=entry) for name, entry in sorted(built.figures.items())
    }
    docs = press.project.root / "docs"
    cited = [
        one
        for path in sorted(docs.rglob("*.md"))
        for one in citations_in(f"docs/{path.relative_to(docs)}", path.read_text())
    ]
    pages = Pages(shown=shown, versions="", commit="")
    errors = [*report.failures(built.failures), *(report.broken_claims(pages, cited) if check else ())]
    if errors:
        _fail(report.together(errors))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
