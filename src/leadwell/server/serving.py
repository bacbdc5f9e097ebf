"""Who serves this data folder, and where? One web server at a time, at an address that pages and commands then show.

Both are settled before anything starts: a port that somebody else has, or a second server on the same data, would take
some of the leads and leave no word of it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
from ipaddress import ip_address
from typing import Final

from leadwell.server import environment

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  compared, not listened on
_PATIENCE: Final = 1.5  # seconds: the one before may be just ending
_LOOK: Final = 0.1


class CannotServe(OSError):  # noqa: N818  its message is for the person who started it
    pass


def claim(host: str, port: int) -> int:
    """Makes this process the one that serves the data folder, at this address; it stays so until it ends, also as
    another program (`exec`). Returns the lock's descriptor. Raises CannotServe."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return _claim(host, port)
        except CannotServe:
            if time.monotonic() > end:
                raise
            time.sleep(_LOOK)


def _claim(host: str, port: int) -> int:
    _free(host, port)
    environment.home().mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(environment.home() / environment.SERVED, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        where = environment.served_at() or "another address"
        raise CannotServe(
            f"The data in {environment.home()} is served already, at {where}. Stop that one first, "
            "or set LEADWELL_HOME to another folder."
        ) from None
    os.set_inheritable(lock, True)
    os.ftruncate(lock, 0)
    os.pwrite(lock, address(host, port).encode(), 0)
    return lock


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    host = "127.0.0.1" if host in _EVERYWHERE else host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _free(host: str, port: int) -> None:
    """Binds once, as a server that shares its port with nobody would."""
    with socket.socket(_family(host)) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else the last one's closed connections count
        try:
            tried.bind((host, port))
        except PermissionError:
            raise CannotServe(f"Port {port} may not be used by you; choose another with --port.") from None
        except socket.gaierror:
            raise CannotServe(f"{host} is no address of this machine; choose another with --host.") from None
        except OSError as error:
            raise CannotServe(_why(error, host, port)) from None


def _family(host: str) -> socket.AddressFamily:
    try:
        return socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    except ValueError:
        return socket.AF_INET


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken; choose another with --port."
    return f"{host} is no address of this machine; choose another with --host."
