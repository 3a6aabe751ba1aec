"""Bytes between the trusted side and a learner's program: values, messages, frames."""
