"""Notebooks, written as the programs write them that learners use."""

from __future__ import annotations

import ast
import itertools
import json
from collections.abc import Sequence
from typing import Any

__all__ = ["chunks", "code_cell", "in_colab", "in_vs_code", "notebook", "prose_cell", "to_bytes"]

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def chunks(script: str) -> list[str]:
    """Cut a script into cells: what stands before the first function, then one a function."""
    lines = script.splitlines(keepends=True)
    starts = [
        min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
        for node in ast.parse(script).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    cuts = [0, *(start for start in starts if start), len(lines)]
    pieces = ("".join(lines[a:b]).strip("\n") for a, b in itertools.pairwise(cuts))
    return [piece for piece in pieces if piece]


def code_cell(source: str, number: int, **metadata: object) -> dict[str, Any]:
    """Write a code cell; number makes its id."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"cell-{number:04d}",
        "metadata": metadata,
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def prose_cell(source: str, number: int) -> dict[str, Any]:
    """Write a Markdown cell."""
    cell = code_cell(source, number)
    del cell["execution_count"], cell["outputs"]
    return {**cell, "cell_type": "markdown"}


def notebook(sources: Sequence[str], **metadata: object) -> dict[str, Any]:
    """Write a notebook of code cells, as JupyterLab does."""
    return {
        "cells": [code_cell(source, number) for number, source in enumerate(sources)],
        "metadata": {
            "kernelspec": KERNEL,
            "language_info": {"name": "python", "version": "3.11.4"},
            **metadata,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def in_vs_code(sources: Sequence[str]) -> dict[str, Any]:
    """Write a notebook as VS Code does: its own cell metadata, no ids, format 4.2."""
    made = notebook(sources)
    for cell in made["cells"]:
        del cell["id"]
        cell["metadata"] = {"vscode": {"languageId": "python"}}
    made["metadata"] = {"language_info": {"name": "python"}, "orig_nbformat": 4}
    return {**made, "nbformat_minor": 2}


def in_colab(sources: Sequence[str]) -> dict[str, Any]:
    """Write a notebook as Colab does: cell ids in metadata, outputs kept, format 4.0."""
    made = notebook(sources, colab={"provenance": [], "toc_visible": True}, accelerator="GPU")
    for number, cell in enumerate(made["cells"]):
        del cell["id"]
        cell["metadata"] = {"id": f"Zx{number:010d}", "colab": {"base_uri": "https://localhost/"}}
        cell["execution_count"] = number + 1
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["done\n"]}]
    return {**made, "nbformat_minor": 0}


def to_bytes(made: object) -> bytes:
    """Write a notebook's file."""
    return json.dumps(made, indent=1, ensure_ascii=False).encode() + b"\n"
