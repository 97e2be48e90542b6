"""Tests of the built book, page by page, as a reader's browser gets it."""
