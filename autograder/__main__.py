"""``python -m autograder`` is the command ``gradeflow``."""

from autograder.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
