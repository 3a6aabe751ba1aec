"""From one annotated solution to stub, notebook and frozen answers, and the proof that it holds."""
