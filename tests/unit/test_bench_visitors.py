"""The bench's visitors ask as browsers do, and an error page is no measurement."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from gis.bench.visitors import PageFailed, Visitor, check_delta, rerun_request

SOMEBODY = Visitor(token="t", page="acceptance")
URL = "http://127.0.0.1:1"


def read(data: bytes) -> BackMsg:
    message = BackMsg()
    message.ParseFromString(data)
    return message


def test_the_first_request_names_the_page_and_later_ones_its_hash() -> None:
    first, later = (read(rerun_request(SOMEBODY, URL, page)) for page in ("", "abc"))
    assert first.rerun_script.page_name == "acceptance"
    assert later.rerun_script.page_name == ""
    assert later.rerun_script.page_script_hash == "abc"
    assert later.rerun_script.context_info.url == f"{URL}/acceptance"


def test_a_red_box_ends_the_bench() -> None:
    message = ForwardMsg()
    alert = message.delta.new_element.alert
    alert.format, alert.body = alert.ERROR, "编号：ABC"
    with pytest.raises(PageFailed, match="acceptance: 编号"):
        check_delta(message, SOMEBODY)


def test_an_exception_ends_the_bench() -> None:
    message = ForwardMsg()
    message.delta.new_element.exception.message = "boom"
    with pytest.raises(PageFailed, match="boom"):
        check_delta(message, SOMEBODY)


def test_a_page_that_the_role_may_not_open_ends_the_bench() -> None:
    message = ForwardMsg()
    message.page_not_found.page_name = "acceptance"
    with pytest.raises(PageFailed, match="no page acceptance"):
        check_delta(message, SOMEBODY)


def test_an_ordinary_element_passes() -> None:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = "受理"
    try:
        check_delta(message, SOMEBODY)
    except PageFailed as failure:
        pytest.fail(str(failure))
