"""Which figures every engine makes, and the two edits that are made to their code."""

from dataclasses import dataclass
from pathlib import Path

WANTED = (
    "adam_floor",
    "depth_decay",
    "gradient_band",
    "gradient_by_lag",
    "gradient_check",
    "loss_landscape",
    "random_layers",
    "same_matrix",
    "sigmoid_stalls",
    "whisper_line",
)
"""Ten figures, no two from the same experiment: the press would run it once for both, the others once for each."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One line of code written otherwise."""

    file: str
    old: str
    new: str

    def make(self, root: Path) -> None:
        """Edit a project; raises ValueError where the line is not there."""
        path = root / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times {self.old!r}, not once")
        path.write_text(text.replace(self.old, self.new))


DRAWING = Edit(file="figures/depth_decay.py", old='"theory, dashed"', new='"dashed: theory"')
"""Words in a picture: no number changes."""

HELPER = Edit(
    file="vgcore/theory/residual.py",
    old="np.sqrt(1 + branch_scale**2 * layer_chi(",
    new="np.sqrt(1 + branch_scale * layer_chi(",
)
"""A factor in a formula that two experiments ask for through another module: their predictions move, nothing else."""


def chosen(root: Path) -> list[str]:
    """Those of the ten that this checkout has."""
    return [name for name in WANTED if (root / f"figures/{name}.py").exists()]
