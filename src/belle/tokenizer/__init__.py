"""Chat templates and encoding."""
