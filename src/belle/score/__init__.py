"""From the answers of a model to its scores."""
