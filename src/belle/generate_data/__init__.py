"""Self-instruct: conversations that a language model writes from seed tasks."""
