"""Running Python that nobody has read: without network, without the machine's files, within limits."""
