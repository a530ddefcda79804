"""GGUF, the file format of llama.cpp: written from a Hugging Face model, quantized by llama.cpp itself."""
