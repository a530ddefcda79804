"""Cleaning rules on conversations and texts."""
