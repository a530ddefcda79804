"""Typed parameters and profiles."""
