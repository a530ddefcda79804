"""Vocabulary extension: new tokens for runs of Chinese characters, after the old merges and nowhere else."""
