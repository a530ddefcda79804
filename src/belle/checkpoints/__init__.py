"""The model chain on disk: which directory holds what, loading, merging, saving."""
