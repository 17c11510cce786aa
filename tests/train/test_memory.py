import os

import pytest

from surpass.train.memory import forget_peak, give_back_memory, peak_memory_bytes

ROOM = 256 << 20


@pytest.mark.skipif(
    not os.access("/proc/self/clear_refs", os.W_OK), reason="this system forgets no peak"
)
def test_a_peak_before_training_is_not_trainings():
    room = bytearray(os.urandom(1) * ROOM)
    high = peak_memory_bytes()
    del room
    give_back_memory()
    forget_peak()
    assert peak_memory_bytes() < high - ROOM // 2
    room = bytearray(os.urandom(1) * ROOM)
    assert peak_memory_bytes() > high - ROOM // 2
    assert len(room) == ROOM
