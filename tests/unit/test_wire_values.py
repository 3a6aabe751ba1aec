"""Values survive the wire bit for bit, and no bytes do harm."""

import math
import struct
import tracemalloc
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.errors import WireError
from autograder.wire.protocol import Again, Code, Handle, Name, Opaque, Seed
from autograder.wire.values import Budget, decode, encode

BUDGET = Budget(max_bytes=1 << 20)
DTYPES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
quick = settings(max_examples=150, deadline=None)

numbers = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**4000), 2**4000),
    st.floats(),
    st.complex_numbers(),
)
texts = st.text(max_size=20)
keys = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), texts)
leaves = st.one_of(numbers, texts, st.binary(max_size=20), st.frozensets(keys, max_size=4))
references = st.one_of(
    st.builds(Name, texts),
    st.builds(Handle, st.integers(0, 2**62), texts),
    st.builds(Seed, st.integers(0, 2**80)),
    st.builds(Again),
    st.builds(Code, texts, texts),
    st.builds(Opaque, texts, texts),
)
values = st.recursive(
    st.one_of(leaves, references),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(st.one_of(keys, st.tuples(keys, keys)), inner, max_size=4),
        st.sets(keys, max_size=4),
    ),
    max_leaves=20,
)
orders = st.sampled_from("<>")
dtypes = st.builds(lambda order, name: np.dtype(order + name), orders, st.sampled_from(DTYPES))
arrays = dtypes.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=5, min_side=0))
)


def bits(value):
    """Something that is equal just when two values have the same types and bits."""
    if isinstance(value, float):
        return (type(value), struct.pack("<d", value))
    if isinstance(value, complex):
        return (type(value), struct.pack("<dd", value.real, value.imag))
    if isinstance(value, list | tuple):
        return (type(value), [bits(item) for item in value])
    if isinstance(value, dict):
        return (dict, [(bits(key), bits(item)) for key, item in value.items()])
    if isinstance(value, set | frozenset):
        return (type(value), value)
    return (type(value), value)


# ---- there and back ---------------------------------------------------------------------------


@quick
@given(values)
def test_every_plain_value_comes_back_with_its_type_and_bits(value):
    assert bits(decode(encode(value), BUDGET)) == bits(value)


@quick
@given(arrays)
def test_every_array_comes_back_native_writable_and_its_own(array):
    back = decode(encode(array), BUDGET)
    assert type(back) is np.ndarray
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.shape == array.shape
    assert back.tobytes() == array.astype(back.dtype).tobytes()
    assert back.flags.writeable
    assert back.flags.owndata
    assert back.flags.c_contiguous
    assert back.flags.aligned


@pytest.mark.parametrize("name", DTYPES)
def test_a_numpy_scalar_comes_back_as_one(name):
    scalar = np.dtype(name).type(1)
    back = decode(encode(scalar), BUDGET)
    assert type(back) is type(scalar)
    assert back == scalar


def test_a_nan_keeps_its_payload():
    array = np.array([0x7FF8000000000123, 0xFFF0000000000001], dtype="u8").view("f8")
    assert decode(encode(array), BUDGET).tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "view",
    [
        np.arange(24.0).reshape(4, 6).T,
        np.arange(24.0)[::-2],
        np.arange(24.0).reshape(4, 6)[:, 1:3],
        np.broadcast_to(np.arange(3), (5, 3)),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
    ],
)
def test_a_view_crosses_as_what_it_shows(view):
    back = decode(encode(view), BUDGET)
    assert np.array_equal(back, view)
    assert back.flags.c_contiguous


def test_a_subclass_crosses_as_its_plain_base():
    class Lying(np.ndarray):
        def tobytes(self, *_args):
            raise RuntimeError

        astype = view = __array__ = tobytes

    class Number(float):
        def __float__(self):
            raise RuntimeError

    point = namedtuple("point", "x y")(1, 2)
    array = np.ndarray.view(np.arange(3), Lying)
    back = decode(encode([array, Number(2.5), point, OrderedDict(a=1)]), BUDGET)
    assert type(back[0]) is np.ndarray
    assert back[0].tolist() == [0, 1, 2]
    assert bits(back[1:]) == bits([2.5, (1, 2), {"a": 1}])


def test_a_lone_surrogate_crosses_as_its_escape():
    assert decode(encode("a\ud800b"), BUDGET) == "a\\ud800b"


# ---- what cannot cross ------------------------------------------------------------------------


class Hostile:
    def __repr__(self):
        raise RuntimeError

    __str__ = __len__ = __iter__ = __array__ = __repr__


class Pretender:
    __class__ = list


class Unhashable(type):
    __hash__ = None


class OddlyMade(metaclass=Unhashable):
    pass


def cycle():
    loop = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Hostile(), "Hostile"),
        (Pretender(), "Pretender"),
        (OddlyMade(), "OddlyMade"),
        (len, "builtin_function_or_method"),
        (np.array([object()]), "ndarray (object)"),
        (np.zeros(2, dtype=np.longdouble), "ndarray (float128)"),
        (np.zeros(2, dtype="U3"), "ndarray (<U3)"),
        (np.zeros((1,) * 9), "ndarray (too large)"),
        (np.datetime64(0, "s"), "datetime64"),
        (1 << 5000, "int (too large)"),
        (np.broadcast_to(0.0, (10**6, 10**6)), "ndarray (too large)"),
        (np.zeros((0, 10**12)), "ndarray (too large)"),
        (b"x" * (1 << 21), "bytes (too large)"),
        ([None] * 300_000, "list (too long)"),
        ({1 << 70: 1}, "dict (keys that cannot cross)"),
        ({frozenset()}, "set (elements that cannot cross)"),
    ],
)
@pytest.mark.filterwarnings("ignore:Signature")
def test_what_cannot_cross_becomes_opaque_in_its_place(value, kind):
    if "float128" in kind and np.dtype(np.longdouble).itemsize == 8:
        pytest.skip("long double is double here")
    first, back, last = decode(encode([1, value, 2], BUDGET), BUDGET)
    assert (first, last) == (1, 2)
    assert isinstance(back, Opaque)
    assert back.kind == kind


def test_a_cycle_becomes_opaque_where_it_gets_too_deep():
    back = decode(encode(cycle(), BUDGET), BUDGET)
    for _ in range(BUDGET.max_depth):
        (back,) = back
    assert back == Opaque("list (too deep)", "")


def test_a_list_that_holds_itself_twice_does_not_grow_without_bound():
    loop = []
    loop += [loop, loop]
    small = Budget(max_bytes=1 << 16, max_nodes=1000)
    decode(encode(loop, small), small)


def test_strict_encoding_refuses_what_cannot_cross():
    with pytest.raises(WireError, match="Hostile"):
        encode([Hostile()], strict=True)


def test_a_whole_longer_than_the_budget_is_refused():
    with pytest.raises(WireError, match="longer"):
        encode([Hostile] * 2000, Budget(max_bytes=2100))


# ---- bytes of an enemy ------------------------------------------------------------------------


def u32(number):
    return struct.pack("<I", number)


def claim(code, *shape, data=b""):
    return b"a" + bytes((code, len(shape))) + struct.pack(f"<{len(shape)}q", *shape) + data


FORGED = {
    "nothing": b"",
    "an unknown tag": b"Z",
    "trailing bytes": b"NN",
    "a list of more items than bytes": b"l" + u32(2**32 - 1),
    "a dict of more items than bytes": b"d" + u32(2) + b"NNN",
    "text longer than the rest": b"s" + u32(2**32 - 1) + b"x",
    "text that is no UTF-8": b"s" + u32(1) + b"\xff",
    "text with a surrogate": b"s" + u32(3) + b"\xed\xa0\x80",
    "an array without its data": claim(11, 1000, 1000),
    "an array with half its data": claim(11, 2, data=b"x" * 8),
    "an array whose product overflows": claim(11, 2**62, 4, data=b"x" * 64),
    "an array of all sizes overflowing to zero": claim(11, 2**32, 2**32),
    "an empty array with a giant axis": claim(11, 0, 2**62),
    "an array of negative size": claim(11, -1, -1, data=b"x" * 8),
    "an array of nine dimensions": claim(11, *(1,) * 9, data=b"x" * 8),
    "an unknown dtype": claim(14, 1, data=b"x" * 16),
    "a bool of two": claim(0, 2, data=b"\x01\x02"),
    "a bool scalar of two": b"n\x00\x02",
    "an integer of a megabyte": b"I" + u32(1 << 20) + b"x" * (1 << 20),
    "an unhashable key": b"d" + u32(1) + b"l" + u32(0) + b"N",
    "an array as a key": b"e" + u32(1) + claim(11, data=b"x" * 8),
    "a big integer as a key": b"e" + u32(1) + b"I" + u32(9) + b"\0" * 8 + b"\1",
    "nesting without end": b"l\x01\0\0\0" * 1000 + b"N",
    "a seed in a seed": b"#" * 5000,
    "a seed that is a list": b"#l" + u32(0),
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_a_forged_value_is_refused(data):
    with pytest.raises(WireError):
        decode(data, Budget(max_bytes=1 << 21))


def test_a_count_is_checked_against_the_bytes_left_before_any_item_is_read():
    with pytest.raises(WireError, match="1000 items; 3 bytes"):
        decode(b"l" + u32(1000) + b"NNN", BUDGET)


def test_more_values_than_the_budget_are_refused():
    with pytest.raises(WireError, match="values in one message"):
        decode(encode([[None] * 10] * 10), Budget(max_bytes=1000, max_nodes=50))


def test_more_bytes_than_the_budget_are_refused():
    with pytest.raises(WireError, match="passes"):
        decode(encode("x" * 100), Budget(max_bytes=50))


def test_keys_with_hashes_of_the_sender_s_choice_are_few():
    pairs = b"".join(b"t" + u32(1) + encode(number) for number in range(3000))
    with pytest.raises(WireError, match="key"):
        decode(b"e" + u32(3000) + pairs, BUDGET)


@pytest.mark.parametrize(
    "reference", [Name("f"), Handle(0, "Model"), Seed(1), Again(), Code("f", "def f(): ...")]
)
def test_a_learner_s_answer_cannot_hold_a_reference(reference):
    with pytest.raises(WireError, match="data only"):
        decode(encode([{"a": (reference,)}]), BUDGET, references=False)


def test_the_text_of_a_learner_s_opaque_is_cleaned():
    back = decode(encode(Opaque("a\x1b[31m\nb", "\x1b]0;title\x07c")), BUDGET, references=False)
    assert back == Opaque("a b", "c")


def harmless(data, budget=BUDGET):
    """Decode; WireError is fine, anything else is not."""
    tracemalloc.start()
    try:
        return decode(data, budget, references=False)
    except WireError:
        return None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # The costliest byte is an empty set's: five of them make an object of 216.
        assert peak < 300 * len(data) + 64 * 1024


tagged = st.lists(
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from([bytes((tag,)) for tag in b"NTFiIfcsbltdeEan@h#p?"]),
        st.sampled_from([u32(number) for number in (0, 1, 2, 5, 2**31, 2**32 - 1)]),
        st.builds(encode, numbers),
    ),
    max_size=30,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), tagged))
@example(b"a\x0b\x02" + struct.pack("<qq", 0, 2**62))
@example(b"e\0\0\0\0" * 100)
def test_any_bytes_do_no_harm(data):
    harmless(data)


@settings(max_examples=300, deadline=None)
@given(st.one_of(values, arrays), st.data())
def test_a_mutated_value_does_no_harm(value, data):
    mutated = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated)))
        cut = data.draw(st.integers(0, 3))
        mutated[at : at + cut] = data.draw(st.binary(max_size=4))
    harmless(bytes(mutated))


@quick
@given(st.one_of(values, arrays), st.integers(0, 400))
def test_a_truncated_value_is_refused(value, cut):
    data = encode(value)
    with pytest.raises(WireError):
        decode(data[: min(cut, len(data) - 1)], BUDGET)


def test_infinities_and_zeros_keep_their_sign():
    back = decode(encode([math.inf, -math.inf, -0.0]), BUDGET)
    assert [math.copysign(1, number) for number in back] == [1, -1, -1]
