"""Pre-training and instruction tuning."""
