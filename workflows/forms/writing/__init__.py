"""The official forms of goal tables and filing documents, as Word and Excel files that read back to the same."""

from workflows.forms.writing.docx_file import docx_of
from workflows.forms.writing.family_forms import document_form, table_form
from workflows.forms.writing.xlsx_file import xlsx_of

__all__ = ["document_form", "docx_of", "table_form", "xlsx_of"]
