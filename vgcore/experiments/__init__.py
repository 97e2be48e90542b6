"""One file, one experiment: `Config`, `measure(config, seed)`, `published`, `smoke`."""
