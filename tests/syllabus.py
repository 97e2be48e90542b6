"""What the book must cover, row by row: the page or the section that covers it, and words that it must use there."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the syllabus. `under`: the heading that it has on a page of several. `words`: in any case, anywhere."""

    part: str
    name: str
    page: str
    under: str = ""
    words: tuple[str, ...] = ()
    measured: bool = True


def part(name: str, *rows: tuple[str, str, str, str]) -> list[Row]:
    """The rows of a part: name, page, heading if it is a section, words separated by ` · `."""
    return [
        Row(part=name, name=row, page=page, under=under, words=tuple(filter(None, words.split(" · "))))
        for row, page, under, words in rows
    ]


HOME = part("Home", ("The question", "index.md", "", "learn · vanish · I am learning this · does not learn · I teach"))

PROBLEM = part(
    "Problem",
    ("Gradients find weights", "problem/why-gradients.md", "", "finds weights · slope · descent"),
    ("Gradients need back-propagation", "problem/why-gradients.md", "", "needs back-propagation · pass"),
    ("Gradients explore a loss landscape", "problem/why-gradients.md", "It explores a landscape", "direction"),
    ("Gradients scale", "problem/why-gradients.md", "It scales to large models and data", "batch"),
    ("Gradients and generalisation", "problem/why-gradients.md", "It does not see new data", "at random"),
    (
        "How a gradient is computed", "problem/how-a-gradient-is-computed.md", "",
        "forward · linear map · activation · loss · backward · update · chain rule · central difference",
    ),
    (
        "What vanishes", "problem/what-vanishes.md", "",
        "∂ L / ∂ h · ∂ L / ∂ W · Glorot · elements that everything later is made of",
    ),
    ("What explodes", "problem/what-explodes.md", "", "above one · NaN · recurrent · matrix · what ends it"),
    ("The whisper line", "problem/the-whisper-line.md", "", "people · fraction · speak up · shorten the line · skip"),
)  # fmt: skip

CAUSES = part(
    "Causes",
    ("A product of small factors", "causes/product.md", "", "quarter · decades · bound"),
    (
        "Saturating activations", "causes/saturation.md", "",
        "sigmoid · tanh · slope · zero in the middle · Leaky ReLU · PReLU · ELU · SELU · Swish · GELU · Maxout",
    ),
    (
        "Initialisation", "causes/initialisation.md", "",
        "too small · too large · Glorot · LeCun · He · orthogonal · Keras",
    ),
    ("Depth", "causes/depth.md", "", "depth scale · ruler"),
    ("Time", "causes/time.md", "", "same matrix · lag · short memory · SimpleRNN · LSTM · GRU · forget bias"),
    ("Numbers too small to hold", "causes/precision.md", "", "float32 · float16 · exactly zero · step · epsilon"),
)  # fmt: skip

SIGNS = part(
    "Signs",
    ("Layers that do not move", "signs/layers-that-do-not-move.md", "", "first · last · relative"),
    ("What happens to the weights", "signs/what-happens-to-the-weights.md", "", "go to zero · weight decay · stay"),
    ("A loss that stands still", "signs/a-loss-that-stands-still.md", "", "ln K · local minimum"),
    (
        "Diagnose your own model", "signs/diagnose-your-own-model.md", "",
        "diagnose · report · command line · in a test · healthy · models",
    ),
    ("Record a training", "signs/record-a-training.md", "", "GradientRecorder · TensorBoard"),
    (
        "When it is not the gradient", "signs/when-it-is-not-the-gradient.md", "",
        "dead · inputs · learning rate · rate · labels · output · tree",
    ),
)  # fmt: skip

LEARNING, PRACTICE = "impacts/what-it-costs-to-learn.md", "impacts/what-it-costs-in-practice.md"
IMPACTS = part(
    "Impacts",
    ("Slow convergence", LEARNING, "Slow convergence", "epochs"),
    ("Limited capacity", LEARNING, "Limited capacity", "frozen"),
    ("Which layers learn first", LEARNING, "Which layers learn first", "epoch"),
    ("Long-range dependencies lost", PRACTICE, "Long-range dependencies", "noise"),
    ("Unstable training", PRACTICE, "Unstable training", "seed"),
    ("Poor performance for what it costs", PRACTICE, "Poor performance for what it costs", "operations"),
    ("What it changed in architecture", PRACTICE, "", "1986 · 2006 · 2010 · 2015 · architecture · residual"),
)

FIXES = part(
    "Fixes",
    ("The fix matrix", "fixes/index.md", "", "exploding · computing · memory · operations · weights"),
    ("Choosing", "fixes/choosing.md", "", "sigmoid or ReLU · normalisation · transformer · branches"),
    ("ReLU", "fixes/relu.md", "", ""),
    ("Leaky ReLU and PReLU", "fixes/leaky-relu-and-prelu.md", "", "dead · die"),
    ("ELU, SELU, Swish, GELU", "fixes/elu-selu-swish-gelu.md", "", "ELU · SELU · Swish · GELU"),
    ("Maxout", "fixes/maxout.md", "", "twice"),
    ("Weight initialisation", "fixes/weight-initialisation.md", "", "Glorot · He · LeCun · orthogonal"),
    (
        "Batch normalisation", "fixes/batch-normalisation.md", "",
        "before · after · rate · covariate shift · grow · skip",
    ),
    ("Layer normalisation and dropout in time", "fixes/recurrent-normalisation.md", "", "dropout · layer norm · step"),
    ("Residual networks", "fixes/residual-networks.md", "", "56 · plain · degradation · identity · path"),
    ("Skip connections", "fixes/skip-connections.md", "", "highway · dense · long skip · scale"),
    ("LSTM", "fixes/lstm.md", "", "cell · input · output · forget · bias"),
    ("GRU and gating", "fixes/gru.md", "", "reset · update"),
    ("Layer-by-layer pretraining", "fixes/layer-by-layer-pretraining.md", "", "one layer · fine-tun"),
    ("Gradient clipping", "fixes/clipping.md", "", "by value · norm · global"),
    ("Learning rate and optimiser", "fixes/learning-rate-and-optimiser.md", "", "ratio · Adam · ε"),
    ("Weight regularisation", "fixes/weight-regularisation.md", "", "L1 · L2 · explo"),
    ("Fewer layers", "fixes/fewer-layers.md", "", ""),
    ("Faster hardware", "fixes/faster-hardware.md", "", "hundred"),
)  # fmt: skip

EXPLODING = part(
    "Exploding gradients",
    ("Cause and effect", "exploding/cause-and-effect.md", "", "overflow · NaN · layer · step"),
    (
        "Remedies", "exploding/remedies.md", "",
        "clip · smaller rate · L1 · L2 · batch norm · He's weights",
    ),
)  # fmt: skip

EXPLORE = part(
    "Explore",
    ("The gradient", "explore/gradient.md", "", "activation · weights · normalisation · skip · depth · learn"),
    ("Memory", "explore/memory.md", "", "cell · forget bias · lag · inputs"),
    ("The phases", "explore/phases.md", "", "weights · depth · map · border · σ"),
)

LABS = part(
    "Labs",
    ("Deep sigmoid MLP", "labs/deep_sigmoid_mlp.py", "", "sigmoid"),
    ("ResNet against plain", "labs/residual_networks.py", "", "plain · residual · addition"),
    ("LSTM, GRU and SimpleRNN", "labs/recurrent_networks.py", "", "SimpleRNN · GRU · LSTM · forget gate · bias"),
    ("Normalising a batch", "labs/batch_normalisation.py", "", "before · after · learning rate"),
    ("Clipping", "labs/clipping.py", "", "vanish · explode · direction · global norm"),
    ("Your own model", "labs/diagnose_your_own_model.py", "", "diagnosis · GradientRecorder · fix · your own"),
)

PAPERS = "evidence/papers.md"
AUTHORS = (
    "Hochreiter · Bengio · Glorot · Pascanu · Saxe · He · Ioffe · Santurkar · Yang · Veit · Balduzzi · "
    "Schoenholz · Pennington · Klambauer · Hanin · Jozefowicz · Le"
)
EVIDENCE = [
    *part(
        "Evidence",
        (
            "Papers, reproduced",
            PAPERS,
            "",
            AUTHORS,
        ),
        ("Statements, tested", "evidence/statements.md", "", "prediction · run · verdict · true · half true"),
        ("Open questions", "evidence/open-questions.md", "", "Prince · Glorot · hundred · Géron · tutorial"),
        ("How it is measured", "evidence/how-it-is-measured.md", "", "probe · seed · median · bounds · processor"),
    ),
    Row(part="Learn", name="Quiz", page="learn/quiz.md", words=("activation", "architecture", "cause"), measured=False),
    Row(part="Learn", name="Glossary", page="learn/glossary.md", words=("activation", "depth scale"), measured=False),
]

GENERATED = [
    Row(part="Evidence", name="Every claim", page="evidence/claims.md", words=("ledger",), measured=False),
    Row(part="Learn", name="References", page="learn/references.md", words=("references",), measured=False),
    Row(part="Learn", name="Teaching kit", page="learn/teaching-kit.md", words=("kit", "labs"), measured=False),
    Row(part="Reference", name="API", page="reference/api.md", words=("vgcore.diagnose",), measured=False),
    Row(part="Reference", name="Figure gallery", page="figures/index.md", words=("gallery",), measured=False),
    Row(part="Reference", name="Contributing", page="reference/contributing.md", measured=False),
]

ROWS = [*HOME, *PROBLEM, *CAUSES, *SIGNS, *IMPACTS, *FIXES, *EXPLODING, *EXPLORE, *LABS, *EVIDENCE, *GENERATED]

PARTS = (
    "Home", "Problem", "Causes", "Signs", "Impacts", "Fixes", "Exploding gradients", "Explore", "Labs", "Evidence",
    "Learn", "Reference",
)  # fmt: skip

TEMPLATE = (
    "What it changes", "What theory predicts", "What we measured", "What it costs", "Where it fails", "Verdict",
    "Try it",
)  # fmt: skip
"""The headings of every page about a fix, in this order."""
