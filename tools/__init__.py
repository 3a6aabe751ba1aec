"""Scripts of the project: what the Makefile runs."""
