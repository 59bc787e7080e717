"""
Looks through one PDF, in a process of its own: `python pdf_child.py < file`, JSON on stdout.

A hostile file can crash or fill the parser; it does so here, with little memory and time, and
never beside the pages. Nothing is rendered and no script is run. This file imports nothing of
the product.
"""

import io
import json
import resource
import sys
from typing import Any, Final

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_S = 20
NODES_MOST = 2_000_000

ACTIVE_KEYS: Final = frozenset(
    {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
)
ACTIVE_ACTIONS: Final = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition",
        "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView",
    }
)  # fmt: skip
ACTIVE_ANNOTATIONS: Final = frozenset(
    {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
)


def main() -> int:
    """Answer pages, encryption and active parts; exit 2 when it cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pikepdf  # noqa: PLC0415  after the limits: the library counts too

    data = sys.stdin.buffer.read()
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            answer = {
                "pages": len(pdf.pages),
                "encrypted": pdf.is_encrypted,
                "active": sorted(_active_parts(pdf)),
            }
    except pikepdf.PasswordError:
        answer = {"pages": 0, "encrypted": True, "active": []}
    except (pikepdf.PdfError, ValueError, RuntimeError, MemoryError, RecursionError):
        return 2
    sys.stdout.write(json.dumps(answer))
    return 0


def _active_parts(pdf: Any) -> set[str]:
    """The names of what could act when the file is opened; every object of the file is seen."""
    found: set[str] = set()
    opened = pdf.Root.get("/OpenAction")
    if _is_dictionary(opened) and str(opened.get("/S", "")) == "/URI":
        found.add("OpenAction")
    seen = 0
    for whole in pdf.objects:
        waiting = [whole]
        while waiting:
            node = waiting.pop()
            seen += 1
            if seen > NODES_MOST:
                raise RuntimeError
            if _is_dictionary(node):
                found |= _active_in(node)
                waiting += [v for _, v in node.items() if _goes_on(v)]
            elif _is_array(node):
                waiting += [v for v in node if _goes_on(v)]
    return found


def _active_in(node: Any) -> set[str]:
    named = {key[1:] for key in node if key in ACTIVE_KEYS}
    action, annotation = str(node.get("/S", "")), str(node.get("/Subtype", ""))
    named |= {action[1:]} if action in ACTIVE_ACTIONS else set()
    return named | ({annotation[1:]} if annotation in ACTIVE_ANNOTATIONS else set())


def _goes_on(value: Any) -> bool:
    """Direct dictionaries and lists: what is referred to has its turn as an object of its own."""
    return (_is_dictionary(value) or _is_array(value)) and not value.is_indirect


def _is_dictionary(value: Any) -> bool:
    return getattr(value, "_type_name", "") in ("dictionary", "stream")


def _is_array(value: Any) -> bool:
    return getattr(value, "_type_name", "") == "array"


if __name__ == "__main__":
    sys.exit(main())
