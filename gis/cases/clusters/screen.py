"""What clusters look like in words: why a case is shown, what each reply says."""

from datetime import timedelta
from typing import Final

from gis.cases.clusters.model import ReplyKind
from gis.cases.clusters.scoring import ClassMatch
from gis.cases.screen import span_words
from gis.errors import Term

CLASS_WORDS: Final = {
    ClassMatch.SAME: Term("同类别", "same class"),
    ClassMatch.MAIN: Term("同大类", "same main class"),
    ClassMatch.OTHER: Term("类别不同", "another class"),
}
_ENDED: Final = Term("已结束", "ended")
NO_TEXT: Final = Term("无可比文字", "no text to compare")


def reason_words(
    *, distance_m: float, match: ClassMatch, apart: timedelta, text: float | None, still_open: bool
) -> Term:
    """Why a case is shown: `23 m, same class, 2 h ago, text 0.8`."""
    ago = span_words(max(apart, timedelta(0)))
    said = (
        NO_TEXT
        if text is None
        else Term(f"文字相似 {text:.1f}", f"text {text:.1f}")
    )  # fmt: skip
    parts = [
        Term(f"{distance_m:.0f} 米", f"{distance_m:.0f} m"),
        CLASS_WORDS[match],
        Term(f"{ago.zh}前", f"{ago.en} ago"),
        said,
        *([] if still_open else [_ENDED]),
    ]
    return Term("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


REPLY_WORDS: Final = {
    ReplyKind.ENDED: Term("您反映的问题已办结。", "What you reported has been dealt with."),
    ReplyKind.REFUSED: Term("您反映的问题未受理或不再办理。", "Your report is not followed up."),
    ReplyKind.MERGED: Term(
        "您的上报与另一案卷反映同一问题，已并入办理。",
        "Your report tells of the same thing as another case and goes on with it.",
    ),
    ReplyKind.UNMERGED: Term(
        "您的上报已从并案中撤出，单独办理。", "Your report goes on as a case of its own again."
    ),
    ReplyKind.REOPENED: Term(
        "您反映的问题将重新核实。", "What you reported is looked at once more."
    ),
    ReplyKind.WRITTEN: Term("回复", "Reply"),
}
"""The sentence of each kind (ours); reasons stand beside it."""
