"""The figures of the book: one file, one figure."""
