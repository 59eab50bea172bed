"""What of PDF/UA-1 a program can see in a file: each rule after ISO 14289-1 (clause in brackets).

A validator that is not ours looks at the same files. Whether the right thing is tagged as a heading
is for a person to judge. The names of structure types are those of ISO 32000-1, 14.8.4.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from page import validate_pdf_bytes
from pypdf import PageObject, PdfReader
from pypdf.generic import BooleanObject, ContentStream

GROUPING = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI"}
GROUPING |= {"Index", "NonStruct", "Private"}
HEADINGS = {f"H{level}" for level in range(1, 7)}
TABLES = {"Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"}
LISTS = {"L", "LI", "Lbl", "LBody"}
INLINE = {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Form"}
STANDARD = GROUPING | HEADINGS | TABLES | LISTS | INLINE | {"P", "Figure", "Formula"}
DRAWS = {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"Do"}
DRAWS |= {b"sh", b"INLINE IMAGE"}


@dataclass(frozen=True)
class Element:
    """A structure element: its standard type, what it says of itself, and what it marks."""

    kind: str
    parent: str
    node: Any
    marks: tuple[tuple[int, int], ...]
    """(page, number) of each piece of content that is directly its own, in reading order."""


def faults(file: bytes) -> list[str]:
    """Everything found wrong, by these rules and by another validator; empty for a good file."""
    return [*own_faults(file), *validated(file)]


def validated(file: bytes) -> list[str]:
    """What `page-validation` finds against PDF/UA-1: another program, after veraPDF's rules."""
    found = validate_pdf_bytes(file, profile="ua1")
    assert found.rules.total >= 100, "the profile that was asked for"
    return [f"{fault.rule_id}: {fault.message}" for fault in found.failures]


def own_faults(file: bytes) -> list[str]:
    """What the rules below find wrong."""
    reader = PdfReader(io.BytesIO(file))
    root = reader.root_object
    if "/StructTreeRoot" not in root:
        return ["no structure tree (7.1)"]
    elements = list(_elements(reader))
    return [
        *_document(reader),
        *_structure(elements),
        *_headings([element.kind for element in elements]),
        *_content(reader, elements),
        *_fonts(reader),
    ]


def _document(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.root_object
    xmp = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    viewer, marked = root.get("/ViewerPreferences", {}), root.get("/MarkInfo", {})
    title = re.search(r"<dc:title>.*?<rdf:li[^>]*>([^<]+)<", xmp, re.DOTALL)
    rules = {
        "does not say that it is PDF/UA-1 (5)": re.search(r"pdfuaid:part[^0-9]*1\b", xmp),
        "no title in the metadata (7.1)": title and reader.metadata and reader.metadata.title,
        "the window does not show the title (7.1)": _yes(viewer, "/DisplayDocTitle"),
        "not marked as tagged (7.1)": _yes(marked, "/Marked") and not _yes(marked, "/Suspects"),
        "no language (7.2)": re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get("/Lang", ""))),
        "encrypted (7.16)": not reader.is_encrypted,
        "a form or a script (7.18, 7.19)": not {"/AcroForm", "/OpenAction", "/AA"} & root.keys(),
        "a layer (7.10)": "/OCProperties" not in root,
    }
    yield from (fault for fault, kept in rules.items() if not kept)
    for number, page in enumerate(reader.pages, 1):
        if page.get("/Tabs") != "/S":
            yield f"page {number}: Tab does not follow the structure (7.18.3)"
        if page.get("/Annots"):
            yield f"page {number}: an annotation, which nothing here looks into (7.18)"


def _yes(of: Any, name: str) -> bool:
    return bool(of.get(name) == BooleanObject(True))


def _elements(reader: PdfReader) -> Iterator[Element]:
    tree: Any = reader.root_object["/StructTreeRoot"]
    roles = {str(k): str(v) for k, v in tree.get("/RoleMap", {}).items()}
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}  # type: ignore[union-attr]

    def walk(node: Any, parent: str, page: int | None) -> Iterator[Element]:
        node = node.get_object()
        own = node.raw_get("/Pg").idnum if "/Pg" in node else None
        page = pages[own] if own is not None else page
        named = str(node.get("/S", "/"))
        kind = roles.get(named, named).removeprefix("/")
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        marks, below = [], []
        for kid in kids:
            kid = kid.get_object() if hasattr(kid, "get_object") else kid
            if isinstance(kid, int):
                marks.append((page if page is not None else -1, int(kid)))
            elif kid.get("/Type") == "/MCR":
                at = pages[kid.raw_get("/Pg").idnum] if "/Pg" in kid else page
                marks.append((at if at is not None else -1, int(kid["/MCID"])))
            else:
                below.append(kid)
        yield Element(kind, parent, node, tuple(marks))
        for kid in below:
            yield from walk(kid, kind, page)

    top = tree["/K"]
    for node in top if isinstance(top, list) else [top]:
        yield from walk(node, "", None)


def _structure(elements: list[Element]) -> Iterator[str]:
    if [e.kind for e in elements if not e.parent] != ["Document"]:
        yield "the structure is not one document (7.1)"
    within = {"TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}}
    within |= {"Lbl": {"LI", "Note"}, "LBody": {"LI"}}
    for element in elements:
        if element.kind not in STANDARD:
            yield f"{element.kind} is no standard structure type (7.1)"
        if element.kind in within and element.parent not in within[element.kind]:
            yield f"{element.kind} inside {element.parent} (7.5, 7.6)"
        if element.kind in ("Figure", "Formula") and not element.node.get("/Alt"):
            yield f"{element.kind} without words instead (7.3, 7.7)"
        if element.kind == "TH" and "/Scope" not in str(element.node.get("/A", "")):
            yield "a table heading that does not say of what (7.5)"
    if any(e.kind == "Table" for e in elements) and not any(e.kind == "TH" for e in elements):
        yield "a table without headings (7.5)"


def _headings(kinds: list[str]) -> Iterator[str]:
    levels = [int(kind[1]) for kind in kinds if kind in HEADINGS]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"the headings do not begin with the one title: {levels} (7.4)"
    if any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False)):
        yield f"a level of headings is left out: {levels} (7.4.2)"


def _content(reader: PdfReader, elements: list[Element]) -> Iterator[str]:
    read = [mark for element in elements for mark in element.marks]
    if len(read) != len(set(read)):
        yield "a piece of content stands twice in the structure (7.1)"
    drawn: list[tuple[int, int]] = []
    for number, page in enumerate(reader.pages):
        marks, bare = _drawn(reader, page)
        drawn += [(number, mark) for mark in marks]
        if bare:
            yield f"page {number + 1}: {bare} pieces are neither tagged nor an artifact (7.1)"
    if set(drawn) != set(read):
        yield "the structure and the pages do not hold the same pieces (7.1)"
    elif drawn != read:
        yield "it is read in another order than it is drawn (7.2)"


def _drawn(reader: PdfReader, page: PageObject) -> tuple[list[int], int]:
    """Marked pieces in the order drawn, and how much is drawn outside every mark."""
    marks: list[int] = []
    stack: list[bool] = []
    bare = 0
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            number = operands[1].get("/MCID") if operator == b"BDC" else None
            if number is not None:
                marks.append(int(number))
            stack.append(number is not None or operands[0] == "/Artifact")
        elif operator == b"EMC":
            stack.pop()
        elif operator in DRAWS and not any(stack):
            bare += 1
    return marks, bare


def _fonts(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for reference in resources.get("/Font", {}).values():
            font = reference.get_object()
            below = [one.get_object() for one in font.get("/DescendantFonts", [])] or [font]
            for one in below:
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & one["/FontDescriptor"].keys():
                    yield f"{font['/BaseFont']} is not in the file (7.21.4)"
            if "/ToUnicode" not in font:
                yield f"{font['/BaseFont']} does not say which characters it draws (7.21.7)"
        text = page.extract_text()
        if any(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in text):
            yield "characters without a meaning (7.21.7)"
