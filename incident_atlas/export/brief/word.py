"""A brief as a Word document that can be edited, by python-docx.

Every text of the record is a run of plain text: there is no field in the document, and a link is there only for an address that
`safe_url` has passed. Pictures are drawn at 220 dots per inch.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from incident_atlas.core import fonts
from incident_atlas.core.text import day, drawable, safe_url
from incident_atlas.export.brief.content import Brief, DeadlyIncident
from incident_atlas.export.brief.pictures import BriefPicture, Pictures
from incident_atlas.i18n import _

PAPERS_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
MARGIN_MM = 17
DOTS_PER_INCH = 220

_INK, _MUTED, _ACCENT = "1B1F24", "4A525B", "1F4E79"


def docx(brief: Brief, pictures: Pictures, paper: str = "a4") -> bytes:
    """The document; the same brief gives the same words and pictures. paper: one of `PAPERS_MM`."""
    # Only here: the app starts without it, and most sessions never ask for a brief.
    import docx as word

    document = word.Document()
    return _Writer(document, paper).write(brief, pictures)


class _Writer:
    """Writes one document; every method adds to its end."""

    def __init__(self, document: Any, paper: str) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt

        self._document, self._mm, self._pt = document, Mm, Pt
        section = document.sections[0]
        section.page_width, section.page_height = (Mm(side) for side in PAPERS_MM[paper])
        section.left_margin = section.right_margin = Mm(MARGIN_MM)
        section.top_margin, section.bottom_margin, section.footer_distance = Mm(14), Mm(14), Mm(7)
        self._wide = PAPERS_MM[paper][0] - 2 * MARGIN_MM
        self._high = PAPERS_MM[paper][1]
        style = document.styles["Normal"]
        style.font.name, style.font.size = fonts.LATIN, Pt(9)
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
        for name, size in (("Title", 19), ("Heading 2", 9.5)):
            heading = document.styles[name]
            heading.font.name, heading.font.size, heading.font.bold = fonts.LATIN, Pt(size), True
            heading.font.color.rgb = _colour(_INK if name == "Title" else _ACCENT)
            # Of a theme the typeface would be that of the theme, whatever is named beside it.
            for found in heading.element.iter("{*}rFonts"):
                for key in [key for key in found.attrib if key.endswith("Theme")]:
                    del found.attrib[key]
                found.set(qn("w:hAnsi"), fonts.LATIN)
            for border in list(heading.element.iter("{*}pBdr")):
                border.getparent().remove(border)

    def write(self, brief: Brief, pictures: Pictures) -> bytes:
        document = self._document
        properties = document.core_properties
        properties.title, properties.author, properties.comments = drawable(brief.title), "Incident Atlas", ""
        properties.created = properties.modified = datetime(brief.made.year, brief.made.month, brief.made.day)
        self._first_page(brief, pictures)
        self._second_page(brief, pictures)
        footer = document.sections[0].footer.paragraphs[0]
        self._run(footer, _("{record} · brief of {made}").format(record=brief.record, made=day(brief.made)), 7, _MUTED)
        made = BytesIO()
        document.save(made)
        return made.getvalue()

    def _first_page(self, brief: Brief, pictures: Pictures) -> None:
        self._run(self._paragraph(after=2), _("INCIDENT ATLAS   Brief of {made}").format(made=day(brief.made)), 7.5, _ACCENT)
        title = self._document.add_paragraph(style="Title")
        title.paragraph_format.space_after = self._pt(2)
        title.add_run(drawable(brief.title))
        self._run(self._paragraph(after=5), brief.sentence, 10, _MUTED)
        cells = self._table(1, [self._wide / len(brief.figures)] * len(brief.figures))[0]
        for cell, figure in zip(cells, brief.figures, strict=True):
            self._run(cell.paragraphs[0], figure.value, 16, bold=True)
            self._run(cell.add_paragraph(), figure.label, 8.5)
            if figure.note:
                self._run(cell.add_paragraph(), figure.note, 7, _MUTED)
        self._picture(self._paragraph(before=5), pictures.map, self._wide, self._high * 0.42)
        self._picture(self._paragraph(before=3), pictures.legend, self._wide, 20)
        if pictures.timeline is not None:
            self._heading(pictures.timeline.title)
            self._picture(self._paragraph(), pictures.timeline, self._wide, 40)
            self._run(self._paragraph(), pictures.timeline.note, 7, _MUTED)
        self._heading(brief.comparison[0])
        self._run(self._paragraph(), brief.comparison[1], 9)
        for words in filter(None, (brief.caution, brief.left_out)):
            self._run(self._paragraph(), words, 7.5, _MUTED)

    def _second_page(self, brief: Brief, pictures: Pictures) -> None:
        if pictures.charts:
            cells = self._table(1, [self._wide / len(pictures.charts)] * len(pictures.charts))[0]
            cells[0].paragraphs[0].paragraph_format.page_break_before = True
            for cell, chart in zip(cells, pictures.charts, strict=True):
                self._run(cell.paragraphs[0], chart.title, 9.5, _ACCENT, bold=True)
                self._picture(cell.add_paragraph(), chart, self._wide / 3 - 5, 48)
                if chart.note:
                    self._run(cell.add_paragraph(), chart.note, 7, _MUTED)
        heading = self._heading(brief.list_title)
        heading.paragraph_format.page_break_before = not pictures.charts
        if brief.deadliest:
            self._incidents(brief.deadliest)
        else:
            self._run(self._paragraph(), brief.deadliest_note, 9)
        self._heading(_("What is uncertain"))
        for sentence in brief.uncertain:
            self._run(self._paragraph(after=1), f"– {sentence}", 9)
        if brief.sources:
            self._heading(_("Sources"))
        for source in brief.sources:
            line = self._paragraph()
            self._run(line, f"{source.number} ", 6.5, _MUTED)
            self._link(line, source.text, source.url, 6.5)
        for label, words in brief.about:
            line = self._paragraph(before=1)
            self._run(line, f"{label}: ", 6.5, _MUTED, bold=True)
            self._run(line, words, 6.5, _MUTED)
        if brief.link:
            line = self._paragraph(before=1)
            self._run(line, _("Link: "), 6.5, _MUTED, bold=True)
            self._link(line, brief.link, safe_url(brief.link), 6.5)

    def _incidents(self, incidents: tuple[DeadlyIncident, ...]) -> None:
        columns = [22.0, self._wide - 110, 21.0, 21.0, 46.0]
        rows = self._table(len(incidents) + 1, columns)
        for cell, name in zip(
            rows[0], (_("Date, place"), _("Incident"), _("Killed"), _("Wounded"), _("Who, and how sure")), strict=True
        ):
            self._run(cell.paragraphs[0], name, 7, _MUTED)
        for cells, one in zip(rows[1:], incidents, strict=True):
            marks = ",".join(str(n) for n in one.sources) + (f" +{one.more}" if one.more else "")
            pairs = ((one.day, one.place), (one.title, ""), one.killed, one.wounded, (one.who, one.sure))
            for n, (cell, (text, below)) in enumerate(zip(cells, pairs, strict=True)):
                self._run(cell.paragraphs[0], text, 8.5, bold=n == 2)
                if n == 1 and marks:
                    self._run(cell.paragraphs[0], marks, 8).font.superscript = True
                if below:
                    self._run(cell.add_paragraph(), below, 7, _MUTED)

    # --- pieces

    def _paragraph(self, before: float = 0, after: float = 0) -> Any:
        made = self._document.add_paragraph()
        made.paragraph_format.space_before, made.paragraph_format.space_after = self._pt(before), self._pt(after)
        return made

    def _heading(self, text: str) -> Any:
        made = self._document.add_heading(level=2)
        made.paragraph_format.space_before, made.paragraph_format.space_after = self._pt(6), self._pt(2)
        made.add_run(drawable(text))
        return made

    def _run(self, paragraph: Any, text: str, size: float, colour: str = _INK, bold: bool = False) -> Any:
        run = paragraph.add_run(drawable(text))
        run.font.size, run.font.bold, run.font.name = self._pt(size), bold, fonts.LATIN
        run.font.color.rgb = _colour(colour)
        return run

    def _link(self, paragraph: Any, text: str, url: str | None, size: float) -> None:
        """A run, inside a link where there is an address for it; a link is a relationship of the file, not a field."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        run = self._run(paragraph, text, size, _MUTED)
        if url is None:
            return
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(drawable(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run._r.addprevious(link)
        link.append(run._r)

    def _picture(self, paragraph: Any, picture: BriefPicture, wide: float, high: float) -> None:
        """The picture inside so many millimetres, with its words for a screen reader."""
        shown = min(wide, high * picture.width / picture.height)
        scale = shown / 25.4 * DOTS_PER_INCH / picture.width
        added = paragraph.add_run().add_picture(BytesIO(fonts.png(picture.svg, scale)), width=self._mm(shown))
        added._inline.docPr.set("descr", drawable(picture.alt))

    def _table(self, rows: int, columns: list[float]) -> list[list[Any]]:
        """A table without borders; columns: widths in millimetres. Its cells by row."""
        made = self._document.add_table(rows, len(columns))
        made.autofit = False
        # Word asks the cells for their width, other programs the columns.
        for column, width in zip(made.columns, columns, strict=True):
            column.width = self._mm(width)
        cells = made._cells
        found = [cells[n * len(columns) : (n + 1) * len(columns)] for n in range(rows)]
        for row in found:
            for cell, width in zip(row, columns, strict=True):
                cell.width = self._mm(width)
        return found


def _colour(text: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(text)
