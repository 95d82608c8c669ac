"""How well places are found and resolved on corpora with gold toponyms, and the training of the weights."""
