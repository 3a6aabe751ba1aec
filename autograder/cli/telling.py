"""A learner's command tells its errors in the learner's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.core import TyperCommand

from autograder.catalogue import language_at
from autograder.errors import GradeFlowError
from autograder.messages import told

__all__ = ["LearnersCommand"]


class LearnersCommand(TyperCommand):
    """A command that knows which language it was asked for, when something goes wrong in it."""

    # The context's class is click's or a copy of it inside of Typer, by Typer's version.
    def invoke(self, ctx: Any) -> Any:
        """Carry the command out; what goes wrong is in words already when it comes to main."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader has gone: nobody is left to be told
        except (GradeFlowError, OSError) as error:
            language = language_at(_place(ctx.params.get("exercise")), ctx.params.get("language"))
            raise GradeFlowError(told(error, language)) from None


def _place(exercise: str | None) -> Path:
    """Tell where the command works, for the language of the course there."""
    return Path(exercise) if exercise and Path(exercise).exists() else Path.cwd()
