"""Refuses what bears the mark of a state secret, saying which mark it is and what to do; nothing of it is kept."""

from collections.abc import Iterable

from workflows.errors import MarkedAsSecret
from workflows.forms.attached_words import words_of
from workflows.state.disclosures import mark_of_classification, mark_printed_in

SENTENCE = (
    "{where}带有密级标志“{mark}”，没有保存：本系统不得存储涉密内容，涉密项目请在“导入申报文本”页只登记张数。"
    "并不涉密、只是普通用词的（如“机密文件柜”），请换一种说法（如“保密文件柜”）后重新提交。"
)
IN_A_FILE = (
    "《{name}》中有密级标志“{mark}”，没有保存：本系统不得存储涉密内容。确属涉密的请勿上传；"
    "并不涉密的，请由文件的制作单位去掉标志后重新上传。"
)


def refuse_marked(texts: Iterable[str], *, field: str, where: str = "所填内容") -> None:
    """Raise MarkedAsSecret for texts that bear a mark, naming it."""
    mark = mark_of_classification(texts)
    if mark:
        raise MarkedAsSecret(SENTENCE.format(where=where, mark=mark), field=field, mark=mark)


def refuse_marked_file(name: str, media_type: str, data: bytes) -> None:
    """Raise MarkedAsSecret for a file whose name or words bear a mark; words in pictures and scans are not found."""
    refuse_marked((name,), field="file", where="文件名")
    mark = mark_printed_in(words_of(media_type, data))
    if mark:
        raise MarkedAsSecret(IN_A_FILE.format(name=name, mark=mark), field="file", mark=mark)
