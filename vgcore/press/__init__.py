"""The press: turns experiments and figures into the pages of the book."""
