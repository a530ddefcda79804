"""Rows that hold a question of the evaluation set."""
