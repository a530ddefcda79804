"""Metrics that compare an answer with its reference: one file each, listed in `registry`."""
