"""``python -m autograder.cli`` is the ``gradeflow`` command."""

from autograder.cli.app import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
