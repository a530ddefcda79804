"""Estimators in closed form: no seed, no resampling, the same numbers on every machine."""
