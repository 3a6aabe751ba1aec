"""The pytest plugin: an exercise's checks as ordinary tests."""
