"""Why a file is not read: one refusal per reason, its docstring the sentence that the person reads."""

from workflows.errors import DocumentUnreadable


class DocumentEmpty(DocumentUnreadable):
    """文件是空的，没有可读的内容。"""


class DocumentTooLarge(DocumentUnreadable):
    """文件超过16 MB，不像一份绩效目标表，未读取。"""


class DocumentBinary(DocumentUnreadable):
    """文件不是Word（.docx）、Excel（.xlsx）、PDF或文本文件，无法读取。"""


class DocumentIsWord(DocumentBinary):
    """这是旧版Office文件（.doc或.xls），无法读取；请用Word或WPS另存为 .docx 或 .xlsx。"""


class DocumentEncrypted(DocumentBinary):
    """文件已加密或设了打开密码，无法读取；请先去掉密码再导入。"""


class DocumentHasMacros(DocumentBinary):
    """文件带有宏，为安全起见未读取；请另存为不带宏的 .docx 或 .xlsx。"""


class DocumentBroken(DocumentBinary):
    """文件已损坏，或者不是Word（.docx）、Excel（.xlsx）文件，无法读取。"""


class DocumentSwells(DocumentBinary):
    """文件解压后过大或条目过多，不像一份绩效目标表，未读取。"""


class SupplementUnfit(DocumentUnreadable):
    """表后“附：本表其他登记内容”已被改动，与表样不符，无法还原；请删去该附表后再导入。"""


class DocumentIsPicture(DocumentBinary):
    """这份PDF是扫描件或图片，里面没有文字，无法读取；请用原始的电子文件导出的PDF、Word或Excel。"""


class DocumentHasTooManyPages(DocumentBinary):
    """这份PDF超过400页，不像一份绩效目标表，未读取。"""


class PdfBroken(DocumentBinary):
    """这份PDF已损坏，无法读取。"""


class EncodingUnknown(DocumentUnreadable):
    """无法识别文件的文字编码；请另存为UTF-8或GB18030编码的文本。"""


class FamilyUnknown(DocumentUnreadable):
    """不认识的表格格式。"""


class FileMissing(DocumentUnreadable):
    """找不到该文件，或者没有读取它的权限。"""


class DocumentClassified(DocumentUnreadable):
    """文件中有密级标志。本系统不得存储涉密内容，文件没有保存；涉密项目请只登记张数。"""
