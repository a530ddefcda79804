"""Conversations and plain text on disk."""
