"""BELLE's XOR format for published weights."""
