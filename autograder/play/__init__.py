"""A page on which a network of the learner's own functions learns, step by step."""
