"""Model directories: the chain of links, adapters, encrypted files."""
