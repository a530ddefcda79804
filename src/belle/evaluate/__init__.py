"""What models answer to the evaluation questions."""
