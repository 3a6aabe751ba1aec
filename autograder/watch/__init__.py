"""Checking on every save: one screen, or plain lines."""
