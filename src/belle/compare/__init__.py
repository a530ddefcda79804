"""Compare experiments and quantized variants: their scores at any revision, and whether a difference is real."""
