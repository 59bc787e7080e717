"""Another tile server on the same tables: tipg under uvicorn, in an environment of its own."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from gis.bench.load import asyncpg_arguments
from gis.bench.options import Options
from gis.bench.places import TileAddress
from gis.bench.served import await_answer, free_port, running, say
from gis.config import CHECKOUT
from gis.db import cluster

REQUIREMENTS = CHECKOUT / "requirements-bench.txt"
NAME = "tipg"


def _environment(folder: Path) -> Path:
    """The Python of the peers' environment, made when requirements-bench.txt changed."""
    python, mark = folder / "bin" / "python", folder / "made-by"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not mark.is_file() or mark.read_text(encoding="ascii") != wanted:
        say(f"installing {REQUIREMENTS.name} into {folder}")
        make = [sys.executable, "-m", "venv", "--clear", str(folder)]
        install = [str(python), "-m", "pip", "install", "-qq", "-r", str(REQUIREMENTS)]
        for command in (make, install):
            subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603  our own list
        mark.write_text(wanted, encoding="ascii")
    return python


@contextmanager
def peer_server(options: Options, urls: cluster.ClusterUrls) -> Iterator[str]:
    """
    The address of tipg, one uvicorn process as ours.

    It connects as the owner of the tables, because it makes helper functions for its session; it
    keeps our margin around tiles, and looks at no extents.
    """
    python, port = _environment(options.home / "peers"), free_port()
    to = asyncpg_arguments(urls.owner_url)
    where = f"{to['user']}:{quote(to['password'])}@{quote(to['host'], safe='')}:{to['port']}"
    env = {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": f"postgresql://{where}/{to['database']}",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_CATALOG_TTL": "0",
        "TIPG_TILE_BUFFER": "64",
    }
    command = [
        *(str(python), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1"),
        *("--port", str(port), "--log-level", "warning", "--no-access-log"),
    ]
    log = cluster.Layout(options.home).log / "bench-tipg.log"
    with running(command, env, log) as process:
        url = f"http://127.0.0.1:{port}"
        await_answer(f"{url}/healthz", process, log)
        yield url


def peer_path(table: str, column: str, tile: TileAddress) -> str:
    """The address of the tile of a table, with one attribute, in tipg."""
    zoom, x, y = tile
    asked = f"geom-column=geom_3857&properties={column}"
    return f"/collections/public.{table}/tiles/WebMercatorQuad/{zoom}/{x}/{y}?{asked}"
