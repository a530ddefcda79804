"""Language models behind OpenAI-compatible servers: asked once, paid once."""
