"""The embedded default: data, evaluation set, tokenizer and model, made by the project itself."""
