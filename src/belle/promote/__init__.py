"""`belle promote`: keep an experiment's model under a name, for `train.init_from` to continue."""
