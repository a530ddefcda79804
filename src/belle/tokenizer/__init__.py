"""Chat templates, encoding and packing."""
