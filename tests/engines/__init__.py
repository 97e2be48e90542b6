"""`make bench-engines`: the same figures made by the press and by three other engines, measured in one run."""
