"""A guest without what nobody here may call: what is left runs as ever, what is not says so."""

from __future__ import annotations

import pytest

from autograder.sandbox.webassembly import trimming
from autograder.sandbox.webassembly.instructions import calls, number, written
from autograder.sandbox.webassembly.trimming import LEFT_OUT, trimmed

wasmtime = pytest.importorskip("wasmtime")

# Functions: 0 is imported; 1 to 3 are a package's, 3 with what others call of it; 4 and 5 are not.
TEXT = """(module
  (import "host" "call" (func $host (param i32) (result i32)))
  (table 8 funcref)
  (elem (i32.const 1) $one $two $other)
  (memory 1)
  (func $one (result i32) (call $two))
  (func $two (result i32) (i32.const 2))
  (func $shared (param i32) (result i32) (local i64 f64)
    (block $out (result i32)
      (br_table $out $out $out (local.get 0) (local.get 0))))
  (func $other (result i32) (i32.add (call $shared (i32.const 40)) (call $host (i32.const 2))))
  (func (export "run") (param i32) (result i32)
    (i32.store offset=300 (i32.const 0) (i32.const -1000000))
    (drop (f64.const 1.5))
    (drop (v128.const i32x4 1 2 3 4))
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 9))
    (if (result i32) (i32.const 1)
      (then (call_indirect (result i32) (local.get 0)))
      (else (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3))))))
"""
ONE, TWO, OTHER = 1, 2, 3  # their places in the table


@pytest.fixture
def binary(monkeypatch):
    monkeypatch.setitem(trimming.PARTS, "toy", ((1, 4),))
    return bytes(wasmtime.wat2wasm(TEXT))


def run(binary, place):
    store = wasmtime.Store()
    kind = wasmtime.FuncType([wasmtime.ValType.i32()], [wasmtime.ValType.i32()])
    host = wasmtime.Func(store, kind, lambda given: given)
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, binary), [host])
    return instance.exports(store)["run"](store, place)


def test_what_is_called_is_there_wherever_it_stands(binary):
    assert run(trimmed(binary, ["toy"]), OTHER) == run(binary, OTHER) == 42


@pytest.mark.parametrize("place", [ONE, TWO])
def test_what_only_an_absent_package_needs_traps_in_a_way_of_its_own(binary, place):
    assert run(binary, place) == 2
    with pytest.raises(wasmtime.Trap) as caught:
        run(trimmed(binary, ["toy"]), place)
    assert caught.value.trap_code.name.lower().replace("_", " ") == LEFT_OUT


def test_what_is_installed_stays_whole(binary):
    assert run(trimmed(binary, ["another"]), ONE) == 2


def test_what_is_no_module_or_not_known_is_not_guessed_at(binary):
    with pytest.raises(ValueError, match="no module"):
        trimmed(b"\0asm\2\0\0\0", ())
    with pytest.raises(ValueError, match="is not known"):
        list(calls(b"\0\xfe\x03\0\x0b", 0, 5))
    with pytest.raises(ValueError, match="amid an instruction"):
        list(calls(b"\0\x43\0\0", 0, 4))


@pytest.mark.parametrize("value", [0, 127, 128, 300_000, 2**32 - 1])
def test_a_number_is_read_as_it_was_written(value):
    assert number(b"x" + written(value), 1) == (value, 1 + len(written(value)))
