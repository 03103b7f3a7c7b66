"""Forms drawn as PDF/A by typst, with the Chinese fonts embedded: the same form gives the same bytes."""

from workflows.forms.writing_pdf.drawing import pdf_of, whats_missing

__all__ = ["pdf_of", "whats_missing"]
