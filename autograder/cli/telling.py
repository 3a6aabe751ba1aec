"""A learner's command speaks the learner's language: its help, its errors, and its usage."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from typer import BadParameter
from typer.core import TyperCommand, TyperGroup

from autograder.catalogue import language_at, similar
from autograder.errors import GradeFlowError
from autograder.messages import has, told, translate

__all__ = ["CommandsGroup", "LearnersCommand", "LearnersGroup"]

# Click's own, or the copy of it inside of Typer, by Typer's version.
TYPED = "autograder.typed"
UsageError: Any = BadParameter.__mro__[1]


class _Speaking:
    """What a command and a group of commands have in common: help from the catalogues.

    ``help.check`` is what a command says of itself, ``help.check_exercise`` of an argument or an
    option, ``help.any_json`` of one that several commands have.
    """

    name: Any
    help: Any
    params: Any

    def speak(self, language: str) -> None:
        """Take the texts of a language, where the catalogues have them."""
        if has(f"help.{self.name}"):
            self.help = translate(f"help.{self.name}", language)
        for parameter in self.params:
            own, shared = f"help.{self.name}_{parameter.name}", f"help.any_{parameter.name}"
            if key := next(filter(has, (own, shared)), None):
                parameter.help = translate(key, language)

    def spoken_help(self, ctx: Any, formatter: Any, language: str) -> None:
        """Put the words that Click writes itself into the language too."""
        self.speak(language)
        option = ctx.command.get_help_option(ctx)
        if option is not None:
            option.help = translate("help.any_help", language)
        section, rows = formatter.section, formatter.write_dl

        def in_words(name: str) -> Any:
            key = f"help.{name.lower()}"
            return section(translate(key, language) if has(key) else name)

        def marked(items: Any) -> None:
            required = f"[{translate('help.required', language)}]"
            rows([(left, right.replace("[required]", required)) for left, right in items])

        formatter.section, formatter.write_dl = in_words, marked


class LearnersCommand(_Speaking, TyperCommand):
    """A command that knows which language it is asked in."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.speak("en")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language that is asked for, or that of the course here."""
        self.spoken_help(ctx, formatter, _spoken(ctx))
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is called."""
        _write_usage(self, ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed; what is wrong with it is told in the language."""
        ctx.meta[TYPED] = tuple(args)  # a help is written before the other options are read
        try:
            return super().parse_args(ctx, args)
        except UsageError as error:
            raise _in_words(error, _spoken(ctx)) from None

    # The context's class is click's or a copy of it inside of Typer, by Typer's version.
    def invoke(self, ctx: Any) -> Any:
        """Carry the command out; what goes wrong is in words already when it comes to main."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader has gone: nobody is left to be told
        except (GradeFlowError, OSError) as error:
            place = _place(ctx.params.get("exercise") or ctx.params.get("folder"))
            raise GradeFlowError(told(error, language_at(place, _chosen(ctx)))) from None


class CommandsGroup(TyperGroup):
    """A group whose list says of each command what it does, in a whole sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list: a long sentence takes two lines, where Click would cut it."""
        rows = [(name, _first_sentence(self.commands[name])) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_sentence(command: Any) -> str:
    paragraph = (command.help or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split())


class LearnersGroup(_Speaking, CommandsGroup):
    """The commands as a whole: their list is in the language, as far as they are learners'."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language of the course that one stands in."""
        language = language_at(Path.cwd())
        self.spoken_help(ctx, formatter, language)
        for command in self.commands.values():
            if isinstance(command, LearnersCommand):
                command.speak(language)
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is called."""
        _write_usage(self, ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was typed; that there is none is told in the language."""
        try:
            return super().resolve_command(ctx, args)
        except UsageError as error:
            near = similar(args[0], tuple(self.commands))
            raise _in_words(error, _spoken(ctx), command=args[0], near=near) from None


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    prefix = translate("help.usage", _spoken(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=prefix)


def _in_words(error: Any, language: str, command: str = "", near: str = "") -> Exception:
    """Say in another language than English what Click says of a wrong call."""
    kind = type(error).__name__
    error.message = error.message.removeprefix("Value error, ")  # pydantic's, by which Typer reads
    if language == "en" or kind == "NoArgsIsHelpError":
        return error  # type: ignore[no-any-return]
    if command:
        text = translate("help.no_command", language, name=command)
        if near:
            text = translate("error.similar", language, text=text, similar=near)
    elif kind == "NoSuchOption":
        text = translate("help.no_option", language, name=error.option_name)
    elif kind == "MissingParameter" and error.param is not None:
        text = translate("help.missing", language, name=error.param.name.upper())
    else:
        text = translate("help.wrong", language, detail=error.format_message().rstrip("."))
    path = error.ctx.command_path if error.ctx else "gradeflow"
    return GradeFlowError(text + translate("help.see", language, command=path))


def _spoken(ctx: Any) -> str:
    """Return the language of a command's help: what ``--language`` says of it, else the course."""
    typed = " ".join(ctx.meta.get(TYPED, ())).replace("=", " ").split()
    asked = dict(pairwise(typed)).get("--language")
    return language_at(Path.cwd(), asked)


def _chosen(ctx: Any) -> str | None:
    chosen = ctx.params.get("language")
    return None if chosen is None else str(getattr(chosen, "value", chosen))


def _place(exercise: str | Path | None) -> Path:
    """Tell where the command works, for the language of the course there."""
    return Path(exercise) if exercise and Path(exercise).exists() else Path.cwd()
