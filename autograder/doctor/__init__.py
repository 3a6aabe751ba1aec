"""What a learner's machine has for notebooks, and why one runs here and not there."""
