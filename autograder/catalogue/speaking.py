"""What is said of an exercise's results: its author's own words, and titles of its checks."""

from __future__ import annotations

from autograder.catalogue.course import language_at
from autograder.catalogue.exercise import Exercise
from autograder.messages import Explanation, OwnTexts, has, translate
from autograder.model import CheckResult

__all__ = ["own_texts", "plain_text", "sentence", "spoken_language"]


def own_texts(exercise: Exercise, language: str) -> OwnTexts:
    """Return the look-up of an exercise's own texts."""

    def find(kind: str, key: str) -> str | None:
        if kind == "misconception":
            known = exercise.misconceptions.get(key)
            return known.hint.in_(language) if known else None
        text = exercise.messages.get(key)
        return text.in_(language) if text else None

    return find


def sentence(check: CheckResult, exercise: Exercise, language: str) -> str:
    """Write the title of a check that learners have: its author's, or else its name as a sentence.

    What many checks say of their tasks, such as ``keeps_the_shape``, is the engine's to translate.
    The task's own name stays as it is, and so do a parametrized check's parameters.
    """
    function, bracket, parameters = check.name.partition("[")
    # pytest writes a parameter at once behind the name
    behind = f" [{parameters}".replace("_", " ") if bracket else ""
    claim = function.removeprefix("test_")
    about_task = claim.lower().startswith(f"{check.task.lower()}_")
    if about_task:
        claim = claim[len(check.task) + 1 :]
    own = exercise.checks.get(claim, {}).get(language)
    said = own or (translate(f"check.{claim}", language) if has(f"check.{claim}") else None)
    if said is None:
        claim = claim.replace("_", " ")
        return (f"{check.task} {claim}" if about_task else claim) + behind
    return translate("page.check", language, task=check.task, said=said) + behind


def spoken_language(exercise: Exercise, chosen: str | None) -> str:
    """Choose a language: as chosen, as $GRADEFLOW_LANGUAGE says, as the course says."""
    return language_at(exercise.folder, chosen)


def plain_text(words: Explanation) -> str:
    """Write an explanation as plain text, a labelled value a line."""
    width = max((len(label) for label, _ in words.values), default=0)
    lines = [words.headline]
    for label, value in words.values:
        head, *rest = value.splitlines() or [""]
        lines.append(f"  {label:<{width}}  {head}")
        lines += [" " * (width + 4) + line.strip() for line in rest]
    lines += [f"  {detail}" for detail in words.details]
    if words.advice:
        lines.append(f"  → {words.advice}")
    return "\n".join(lines)
