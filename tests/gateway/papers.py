"""PDFs as carriers print them, and other things in a PDF's clothes."""

BODY = (
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    b"xref\n0 2\n0000000000 65535 f \n0000000015 00000 n \n"
    b"trailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n64\n"
)
END = b"%%EOF\n"


def paper(inside: bytes = b"", size: int = 0) -> bytes:
    """A small PDF, `inside` somewhere in it; padded to `size` bytes."""
    filling = b"% " * max(0, (size - len(BODY) - len(inside) - len(END)) // 2)
    whole = BODY + inside + filling + END
    return whole + b"\n" * max(0, size - len(whole))
