"""Fetching models, data and evaluation sets."""
