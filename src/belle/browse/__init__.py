"""`belle data`: page through rows, and ask what happened to one."""
