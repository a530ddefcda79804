"""Scoring rules: one file a rule, listed in `registry`; docs/scores.md tells how to add one."""
