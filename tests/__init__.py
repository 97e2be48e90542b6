"""Tests, and the book they are tried on."""
