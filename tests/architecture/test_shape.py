"""The shape of the code: sizes, guards, what may not be written."""

import ast
import tomllib
from collections.abc import Iterator

import pytest

from gis.config import CHECKOUT
from gis.ui.page_table import TABLE
from tests.architecture.sources import Source, called_name, calls, pages, sources

MODULE_MOST, FUNCTION_MOST, PAGE_MOST = 500, 50, 120
BAD_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "manager", "service", "common", "misc"}
)


def _id(source: Source) -> str:
    return source.name


def test_a_module_stays_readable() -> None:
    assert not [f"{s.name}: {s.lines} lines" for s in sources() if s.lines > MODULE_MOST]
    assert not [s.name for s in sources() if s.path.stem in BAD_NAMES]


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring."""
    doc = ast.get_docstring(function) is not None
    first = function.body[1] if doc and len(function.body) > 1 else function.body[0]
    return (function.end_lineno or 0) - first.lineno + 1


def test_a_function_fits_on_a_screen() -> None:
    long = [
        f"{source.name} {function.name}: {_length(function)} lines"
        for source in sources()
        for function in _functions(source)
        if _length(function) > FUNCTION_MOST
    ]
    assert not long


@pytest.mark.parametrize("page", pages(), ids=_id)
def test_a_page_is_thin(page: Source) -> None:
    assert page.lines <= PAGE_MOST


@pytest.mark.parametrize("page", pages(), ids=_id)
def test_the_first_statement_of_a_page_is_its_guard(page: Source) -> None:
    body = [
        node
        for node in page.tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    first = body[0]
    value = first.value if isinstance(first, ast.Assign | ast.Expr | ast.AnnAssign) else None
    assert isinstance(value, ast.Call), ast.unparse(first)
    assert called_name(value) == "open_page"


@pytest.mark.parametrize("page", pages(), ids=_id)
def test_the_guard_of_a_page_asks_what_the_table_says(page: Source) -> None:
    row = next((r for r in TABLE if r.file == page.path.name), None)
    assert row is not None, "the page is missing in gis/ui/page_table.py"
    guard = next(call for name, call in calls(page.tree) if name == "open_page")
    asked = ast.unparse(guard.args[1])
    assert asked == (f"Permission.{row.permission.name}" if row.permission else "None")


@pytest.mark.parametrize("page", pages(), ids=_id)
def test_a_page_leaves_data_to_the_rooms(page: Source) -> None:
    forbidden = {"geopandas", "shapely", "psycopg", "asyncpg", "pages"}
    names = {
        (node.module or "").split(".")[0]
        for node in ast.walk(page.tree)
        if isinstance(node, ast.ImportFrom)
    } | {
        alias.name.split(".")[0]
        for node in ast.walk(page.tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert not names & forbidden


def _transactions(source: Source) -> list[ast.With]:
    return [
        node
        for node in source.nodes
        if isinstance(node, ast.With)
        and any(
            isinstance(item.context_expr, ast.Call)
            and called_name(item.context_expr) in {"unit_of_work", "transaction"}
            for item in node.items
        )
    ]


def test_streamlit_is_not_called_inside_a_transaction() -> None:
    """Streamlit may stop the script at each of its calls, and that rolls back."""
    inside = [
        f"{source.name}:{call.lineno}: {name}"
        for source in sources()
        for block in _transactions(source)
        for statement in block.body
        for name, call in calls(statement)
        if name.startswith("st.")
    ]
    assert not inside


UNSAFE = ("unsafe_allow_html", "unsafe_allow_javascript", "st.components.v1")


def test_no_page_lets_markup_through() -> None:
    found = [
        f"{source.name}:{node.lineno}"
        for source in sources()
        for node in source.nodes
        if (isinstance(node, ast.keyword) and node.arg in UNSAFE)
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in UNSAFE)
    ]
    assert not found


def test_no_import_of_ours_hides_inside_a_function() -> None:
    """The order of the rooms is read from the imports at the top; none goes round it."""
    hidden = [
        f"{source.name}:{inner.lineno}"
        for source in sources()
        for function in _functions(source)
        for inner in ast.walk(function)
        if (isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("gis"))
        or (isinstance(inner, ast.Import) and any(a.name.startswith("gis") for a in inner.names))
    ]
    assert not hidden


def test_the_launcher_is_small_and_seen_by_streamlit() -> None:
    launcher = next(s for s in sources() if s.name == "streamlit_app.py")
    assert launcher.lines < 50
    made = [
        ast.unparse(node.value.func)
        for node in launcher.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.targets[0]) == "app"
    ]
    assert made == ["st.App"]


def test_streamlit_is_closed_where_it_should_be() -> None:
    config = tomllib.loads((CHECKOUT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    server = config["server"]
    assert server["address"] == "127.0.0.1"
    assert server["enableCORS"] is True
    assert server["enableXsrfProtection"] is True
    assert server.get("enableAgentApi", False) is False
    assert server["maxUploadSize"] <= 20
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["runner"]["postScriptGC"] is False
