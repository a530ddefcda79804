"""GPTQ and GGUF variants of a model."""
