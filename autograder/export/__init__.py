"""Taking results elsewhere: tables, learning platforms, Gradescope."""
