"""Small data sets, as functions: handwritten digits, and sequences to remember something over."""

from vgcore.data.dataset import Dataset
from vgcore.data.images import Digits, digits
from vgcore.data.sequences import Sequences, adding, copying, digit_then_noise, digits_by_pixel, digits_by_row

__all__ = [
    "Dataset",
    "Digits",
    "Sequences",
    "adding",
    "copying",
    "digit_then_noise",
    "digits",
    "digits_by_pixel",
    "digits_by_row",
]
