"""Reading documents: bytes of a PDF in, pages, fields, findings and chunks out. Tables and storage belong elsewhere."""
