"""Reads the words of a Word file as a reader does."""

import io

from docx import Document


def words_of(content: bytes) -> str:
    """Return everything a Word file says, paragraph by paragraph, cell by cell."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])
