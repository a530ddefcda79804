"""A language model as judge: what it is asked about an answer, and how its reply is read as a score."""
