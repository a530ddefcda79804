"""Numbers in text: how they are written, what they are worth, and which one is the answer."""
