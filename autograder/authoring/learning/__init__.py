"""From a group of a class to a misconception of the exercise: rewritten, tried, written down."""
