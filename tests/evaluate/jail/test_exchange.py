import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.evaluate.jail.exchange import pack, unpack

atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
)
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.text()), inner)
        | st.frozensets(atoms)
        | st.sets(atoms)
    ),
    max_leaves=20,
)


@given(values)
def test_a_plain_value_comes_back_as_it_was(value):
    back = unpack(json.loads(json.dumps(pack(value))))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("value", [object(), len, iter([1]), [1, [object()]], (x for x in "ab")])
def test_nothing_else_crosses(value):
    with pytest.raises(TypeError, match="cannot leave the jail"):
        pack(value)


def test_a_subclass_crosses_as_the_plain_type():
    class Same(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    back = unpack(json.loads(json.dumps(pack(Same(3)))))
    assert type(back) is int
    assert back != 4
