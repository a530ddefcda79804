"""Cleaning filters, one subject per file."""
