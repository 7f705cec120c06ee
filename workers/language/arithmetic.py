"""Lets networks multiply matrices by the library that knows this machine's processor.

spaCy brings BLIS, whose newest kernels are for processors of 2019; on younger ones (AMD's Zen 3 and
later, Apple's) it falls back to plain C, two to three times as slow as the BLAS inside numpy
(https://github.com/explosion/cython-blis/issues/53). On Intel's with AVX-512 it takes the kernels of
2013, and numpy's BLAS those with registers twice as long. Which ones they chose is asked of both, not
timed: the same machine always reads the same.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import blis.cy
from thinc.api import NumpyOps, get_current_ops, use_ops
from threadpoolctl import threadpool_info, threadpool_limits

#: BLIS's name for the kernels that are made for no processor.
GENERIC = "generic"
#: its name for those of 2013, which it takes for all of Intel's since
HASWELL = "haswell"
#: the names that numpy's library has for kernels with longer registers (AVX-512)
WIDER = frozenset({"Cooperlake", "SapphireRapids", "SkylakeX"})


def kernels() -> str | None:
    """Name the kernels that BLIS chose for this processor; None if this build of it cannot say."""
    try:
        library = ctypes.CDLL(blis.cy.__file__)
        name: Any = library.bli_arch_string
        name.restype = ctypes.c_char_p
        told: bytes = name(library.bli_arch_query_id())
    except (OSError, AttributeError):
        return None
    return told.decode("ascii")


def is_wider() -> bool:
    """Tell whether numpy's library has kernels with longer registers for this processor."""
    return any(library.get("architecture") in WIDER for library in threadpool_info())


def is_lacking() -> bool:
    """Tell whether BLIS has no kernels for this processor, or old ones where numpy's has new ones."""
    chosen = kernels()
    return chosen == GENERIC or (chosen == HASWELL and is_wider())


@contextmanager
def fitting() -> Iterator[None]:
    """Make the networks that are built inside multiply by numpy where BLIS is lacking.

    One thread each, as BLIS does: workers are processes, and there is one for each core.
    Whoever chose other arithmetic (a GPU, Apple's) keeps it.
    """
    if type(get_current_ops()) is NumpyOps and is_lacking():
        threadpool_limits(limits=1, user_api="blas")
        with use_ops("numpy", use_blis=False):
            yield
    else:
        yield
