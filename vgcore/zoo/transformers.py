"""Small transformers that read digits row by row."""

from dataclasses import replace

from vgcore.models import Transformer
from vgcore.zoo.changes import Fill, Multiply, Signs
from vgcore.zoo.perceptrons import ADAM
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.specimen import Specimen
from vgcore.zoo.task import Task

SMALL = Transformer(depth=2)
BARE = Transformer(depth=6, norm=None)
ROWS = Task(name="rows")

BLOCKS = Specimen(
    name="transformer 2 blocks",
    family="transformer",
    network=SMALL,
    task=ROWS,
    recipe=replace(ADAM, learning_rate=3e-3),
    epochs=3,
)

WELL = (
    BLOCKS,
    replace(BLOCKS, name="transformer 3 blocks", network=Transformer(depth=3)),
    replace(BLOCKS, name="transformer 2 blocks, normalised after", network=replace(SMALL, norm="after")),
    replace(BLOCKS, name="transformer 2 blocks, scaled, without norm",
            network=Transformer(depth=2, norm=None, branch_scale=None)),
    replace(BLOCKS, name="transformer 2 blocks, GELU, AdamW", network=replace(SMALL, activation="gelu"),
            recipe=replace(ADAM, optimiser="adamw", learning_rate=3e-3, weight_decay=0.01)),
)  # fmt: skip

ILL = (
    replace(BLOCKS, name="transformer 6 blocks without norm, weights times 4", symptom="exploding", network=BARE,
            changes=(Multiply(variable="narrow_*/kernel", factor=4.0),), recipe=Recipe(), epochs=1),
    replace(BLOCKS, name="transformer 6 blocks without norm, weights times 4, clipped", symptom="hidden explosion",
            changes=(Multiply(variable="narrow_*/kernel", factor=4.0),), network=BARE,
            recipe=Recipe(clip_global_norm=0.1), epochs=1),
    replace(BLOCKS, name="transformer 2 blocks, dense branches dead", symptom="dead units",
            changes=(Fill(variable="wide_*/bias", value=-40.0),),
            learns_anyway="attention and the stream are left"),
    replace(BLOCKS, name="transformer 2 blocks, offsets of 1000 in the first", symptom="collapsed", layer="narrow_1",
            changes=(Signs(variable="narrow_1/bias", size=1000.0),)),
    replace(BLOCKS, name="transformer 3 blocks without norm, positions of 500", symptom="collapsed",
            layer="embedding", network=Transformer(depth=3, norm=None, branch_scale=None),
            changes=(Signs(variable="embedding/bias", size=500.0),), recipe=Recipe(learning_rate=1e-5)),
    replace(BLOCKS, name="transformer 2 blocks, loss times 1e-12", symptom="stalled updates",
            recipe=replace(ADAM, loss_scale=1e-12), epochs=2),
    replace(BLOCKS, name="transformer 2 blocks in bfloat16, small steps", symptom="stalled updates",
            recipe=replace(ADAM, learning_rate=1e-5, precision="bfloat16"), epochs=2),
    replace(BLOCKS, name="transformer 2 blocks, one weight is no number", symptom="non-finite", layer="narrow_1",
            changes=(Fill(variable="narrow_1/bias", value=float("nan"), span=(0.0, 0.04)),), epochs=1),
    replace(BLOCKS, name="transformer 6 blocks without norm in float16", symptom="non-finite", network=BARE,
            changes=(Multiply(variable="narrow_*/kernel", factor=20.0),), epochs=1,
            recipe=Recipe(precision="mixed_float16")),
    replace(BLOCKS, name="transformer 2 blocks, shuffled labels", symptom="not a gradient problem",
            task=replace(ROWS, shuffled=True)),
    replace(BLOCKS, name="transformer 2 blocks, rate 3", symptom="not a gradient problem",
            recipe=replace(ADAM, learning_rate=3.0)),
    replace(BLOCKS, name="transformer 2 blocks, gradient descent, rate 1e-7", symptom="not a gradient problem",
            recipe=Recipe(learning_rate=1e-7)),
)  # fmt: skip

SPECIMENS = (*WELL, *ILL)
