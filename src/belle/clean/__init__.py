"""Cleaning filters on conversations and texts."""
