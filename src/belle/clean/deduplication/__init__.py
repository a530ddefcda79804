"""Exact and near duplicates of a table."""
