"""`belle add`: look at a model, data or questions, and write the profile that names them."""
