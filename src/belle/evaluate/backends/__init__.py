"""What runs a model to evaluate it: one file per library."""
