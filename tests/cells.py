"""The three recurrent cells in plain NumPy, forward from any step and back through time."""

from collections.abc import Iterator
from typing import Any

import numpy as np

State = dict[str, Any]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def weights(model: Any) -> dict[str, Any]:
    """The weights of one of the example networks, or of any network of the same two layers, in float64."""
    layer, answer = model.layers[-2], model.layers[-1]
    cell = getattr(layer, "cell", layer)
    named = {"kernel": cell.kernel, "recurrent": cell.recurrent_kernel, "bias": cell.bias}
    named |= {"answer": answer.kernel, "answer_bias": answer.bias}
    return {name: np.asarray(value.numpy(), np.float64) for name, value in named.items()}


def start(cell: str, batch: int, units: int) -> State:
    """The state before the first step."""
    return {name: np.zeros((batch, units)) for name in (("h", "c") if cell == "lstm" else ("h",))}


def step(cell: str, w: dict[str, Any], x: Any, state: State) -> tuple[State, State]:
    """The next state, and what the way back needs."""
    h, units = state["h"], len(w["recurrent"])
    if cell == "simple_rnn":
        new = np.tanh(x @ w["kernel"] + h @ w["recurrent"] + w["bias"])
        return {"h": new}, {"new": new}
    if cell == "lstm":
        sums = x @ w["kernel"] + h @ w["recurrent"] + w["bias"]
        i, f, g, o = (sums[:, k * units : (k + 1) * units] for k in range(4))
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = f * state["c"] + i * g
        return {"h": o * np.tanh(c), "c": c}, {"i": i, "f": f, "g": g, "o": o, "c": c, "c_before": state["c"]}
    outer = x @ w["kernel"] + w["bias"][0]
    inner = h @ w["recurrent"] + w["bias"][1]
    z, r = (sigmoid(outer[:, k * units : (k + 1) * units] + inner[:, k * units : (k + 1) * units]) for k in range(2))
    last = inner[:, 2 * units :]
    g = np.tanh(outer[:, 2 * units :] + r * last)
    return {"h": z * h + (1 - z) * g}, {"z": z, "r": r, "g": g, "inner": last, "h_before": h}


def back(cell: str, w: dict[str, Any], kept: State, slope: State) -> State:
    """From the gradient for the state after a step to that for the state before it."""
    if cell == "simple_rnn":
        return {"h": slope["h"] * (1 - kept["new"] ** 2) @ w["recurrent"].T}
    if cell == "lstm":
        i, f, g, o = (kept[name] for name in "ifgo")
        c = total_cell(kept, slope)
        parts = [c * g * i * (1 - i), c * kept["c_before"] * f * (1 - f), c * i * (1 - g**2)]
        parts.append(slope["h"] * np.tanh(kept["c"]) * o * (1 - o))
        return {"h": np.concatenate(parts, axis=1) @ w["recurrent"].T, "c": c * f}
    z, r, g = (kept[name] for name in "zrg")
    candidate = slope["h"] * (1 - z) * (1 - g**2)
    parts = [slope["h"] * (kept["h_before"] - g) * z * (1 - z), candidate * kept["inner"] * r * (1 - r), candidate * r]
    return {"h": slope["h"] * z + np.concatenate(parts, axis=1) @ w["recurrent"].T}


def total_cell(kept: State, slope: State) -> Any:
    """The gradient for an LSTM's c, what leads through h included."""
    return slope["c"] + slope["h"] * kept["o"] * (1 - np.tanh(kept["c"]) ** 2)


def states(cell: str, w: dict[str, Any], x: Any, state: State | None = None) -> Iterator[tuple[State, State]]:
    """The state after each step with what the way back needs; from the beginning, or from a given state on."""
    state = start(cell, len(x), len(w["recurrent"])) if state is None else state
    for number in range(x.shape[1]):
        state, kept = step(cell, w, x[:, number], state)
        yield state, kept


def answer(w: dict[str, Any], h: Any) -> Any:
    return h @ w["answer"] + w["answer_bias"]


def logits(cell: str, w: dict[str, Any], x: Any, state: State | None = None) -> Any:
    """The answer after the last step."""
    *_, (last, _) = states(cell, w, x, state)
    return answer(w, last["h"])


def cross_entropy(values: Any, y: Any) -> float:
    shifted = values - values.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean())


def gradients(cell: str, w: dict[str, Any], x: Any, y: Any) -> list[State]:
    """dL/dh (and dL/dc) of the mean cross-entropy of the last answer, by lag, by back-propagation through time."""
    kept = [each for _, each in states(cell, w, x)]
    values = logits(cell, w, x)
    chances = np.exp(values - values.max(axis=1, keepdims=True))
    slope_of_answer = chances / chances.sum(axis=1, keepdims=True) - np.eye(values.shape[1])[y]
    slope: State = {name: np.zeros((len(x), len(w["recurrent"]))) for name in start(cell, 1, 1)}
    slope["h"] = slope_of_answer @ w["answer"].T / len(x)
    found = []
    for each in reversed(kept):
        found.append({**slope, "c": total_cell(each, slope)} if cell == "lstm" else slope)
        slope = back(cell, w, each, slope)
    return found
