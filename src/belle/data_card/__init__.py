"""The data card: what is in the cleaned data, what was removed and why, and under which licenses."""
