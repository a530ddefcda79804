"""Requests sent as batches, or as files that a program without a network answers; and what came of them."""
