"""The operators that change a reference solution in one place, and the text they work on."""
