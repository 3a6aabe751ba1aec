"""What learners are given: a release is read, laid into their folder, and a task put back."""
