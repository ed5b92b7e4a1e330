"""Exchanging the names of two files of one folder in one step, where the system can."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from functools import cache
from typing import Final

_RENAME_EXCHANGE: Final = 2
_CANNOT: Final = frozenset((errno.EINVAL, errno.ENOSYS, errno.ENOTSUP))


def exchange(folder: int, one: str, other: str) -> bool:
    """Exchange the names of two files of an open folder, given by its descriptor; false, with nothing done, where the system or file system cannot.

    Linux has renameat2 (https://man7.org/linux/man-pages/man2/rename.2.html), which Python does not
    offer; network file systems refuse it. Raises OSError.
    """
    rename = _renameat2()
    if rename is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    if rename(folder, names[0], folder, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), one, None, other)


@cache
def _renameat2() -> Callable[..., int] | None:
    found = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if found is None:
        return None
    name = ctypes.c_char_p
    found.argtypes = (ctypes.c_int, name, ctypes.c_int, name, ctypes.c_uint)
    found.restype = ctypes.c_int
    rename: Callable[..., int] = found
    return rename
