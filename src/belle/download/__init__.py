"""Download the model, the data and the evaluation set of an experiment."""
