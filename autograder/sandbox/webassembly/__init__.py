"""A cage that needs nothing of the system: a guest in WebAssembly, kept by a process of its own."""
