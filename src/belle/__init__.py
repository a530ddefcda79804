"""BELLE-DVC: instruction tuning as one reproducible DVC experiment repository."""
