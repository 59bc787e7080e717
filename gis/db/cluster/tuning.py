"""Server settings for one machine that also runs the web process and the worker."""

import os
from contextlib import suppress
from pathlib import Path

MIB = 1 << 20

_FIXED = """\
# Written by Wanmi at every start; your own changes: ALTER SYSTEM SET ..., which wins over this.
listen_addresses = ''
unix_socket_permissions = 0700
port = {port}
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = {shared_buffers_mib}MB
effective_cache_size = {cache_mib}MB
maintenance_work_mem = {maintenance_mib}MB
work_mem = 16MB
wal_compression = on
max_wal_size = 2GB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
idle_in_transaction_session_timeout = '5min'
track_io_timing = on
logging_collector = on
log_directory = '{log_dir}'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_lock_waits = on
log_checkpoints = off
log_min_duration_statement = '1s'
"""

# Loses data when the machine stops; for databases that a test run makes and throws away.
_THROW_AWAY = """\
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
wal_compression = off
max_wal_size = 256MB
autovacuum_naptime = '10s'
shared_preload_libraries = 'postgis-3'
log_min_duration_statement = -1
"""


def memory_mib() -> int:
    """Memory this process may use: the machine's, or its container's limit if that is lower."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB
    with suppress(OSError, ValueError):
        return min(pages, int(Path("/sys/fs/cgroup/memory.max").read_text()) // MIB)
    return pages


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def server_settings(memory: int, *, port: int, log_dir: Path, durable: bool) -> str:
    """
    The text of a settings file for a machine with `memory` MiB.

    An eighth for shared buffers, not PostgreSQL's usual quarter: Python's processes
    share the machine, and the operating system caches the rest anyway.
    """
    text = _FIXED.format(
        port=port,
        log_dir=log_dir,
        shared_buffers_mib=_between(128, memory // 8, 2048),
        cache_mib=_between(256, memory // 2, 65536),
        maintenance_mib=_between(64, memory // 32, 512),
    )
    return text if durable else text + _THROW_AWAY
