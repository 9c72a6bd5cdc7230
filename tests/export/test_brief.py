"""The brief: what it says, that two pages hold it, and that no text of a record is markup, a field or a file in it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from incident_atlas.analysis import nearby, summary
from incident_atlas.charts import perpetrators
from incident_atlas.cli.main import cli
from incident_atlas.dataset.circle import parse_circle
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.dataset.sql import opened
from incident_atlas.export.brief import content, pictures, typst_pdf, word
from tests.support import tiny
from tests.support.hostile import PROBES
from tests.support.record import shipped_record

TODAY = date(2024, 5, 3)
LINK = "http://localhost:8501/?city=Kabul"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return shipped_record()


def made(
    loaded: Loaded, chosen: Filters | None = None, paper: str = "a4", title: str = ""
) -> tuple[content.Brief, pictures.Pictures]:
    chosen = chosen or Filters()
    visible = chosen.apply(loaded.incidents, columns=content.COLUMNS)
    brief = content.make(loaded, chosen, LINK, TODAY, title, visible=visible)
    return brief, pictures.draw(brief, loaded, visible, paper)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def runs(data: bytes) -> str:
    return "".join(one.text or "" for one in ElementTree.fromstring(parts(data)["word/document.xml"]).iter(f"{W}t"))


def test_it_says_the_numbers_of_the_page_and_ten_incidents_by_their_dead(shipped):
    chosen = Filters(city=("Kabul",), since=date(2017, 1, 1), until=date(2017, 12, 31))
    brief, drawn = made(shipped, chosen)
    visible = chosen.apply(shipped.incidents)
    head = summary.headline(visible)
    assert brief.title == "Armed attacks in Kabul, 2017" and brief.sentence.startswith(
        f"{head.incidents} incidents in Kabul, 2017"
    )
    assert [figure.value for figure in brief.figures][:3] == [
        f"{n:,}" for n in (head.incidents, head.killed.best, head.wounded.best)
    ]
    assert f"{head.killed.low:,}" in brief.figures[1].note and f"{head.killed.high:,}" in brief.figures[1].note
    dead = visible["killed_best"].sort_values(ascending=False).head(10).astype(int).tolist()
    assert [int(one.killed[0].removesuffix(" or more")) for one in brief.deadliest] == dead
    numbers = [n for one in brief.deadliest for n in one.sources]
    assert numbers == [source.number for source in brief.sources] == list(range(1, len(numbers) + 1))
    assert brief.comparison[0] == "Against the 365 days before" and "2 Jan 2016 to 31 Dec 2016" in brief.comparison[1]
    assert len(brief.uncertain) == 3 and f"of {head.incidents} incidents" in brief.uncertain[0]
    assert "excluding the deadliest, 31 May 2017: " in brief.figures[1].note and brief.figures[0].note == ""
    assert dict(brief.about)["Data version"] == f"sha256 {shipped.source.sha256}"
    assert len(drawn.charts) == 3 and drawn.charts[2].title == "Killed by month"
    assert all(f">{words}</text>" in drawn.charts[1].svg for words, *_ in perpetrators.LEGEND) and not drawn.charts[1].note


def test_the_shares_of_what_is_not_known_are_those_of_the_record():
    blank = {"killed_low": "", "killed": "", "latitude": "", "city": "Kabul"}
    rows = [
        {**blank},
        {"killed": "3", "wounded": "1"},
        {"killed": "1", "latitude": "34.5", "longitude": "69.1", "geo_precision": "street"},
    ]
    brief, _ = made(tiny.record(*rows))
    assert "1 of 3 incidents (33 %)" in brief.uncertain[0] and "2 of 3 incidents (67 %)" in brief.uncertain[0]
    assert "2 of 3 incidents (67 %)" in brief.uncertain[1]


@pytest.mark.parametrize("paper", typst_pdf.PAPERS)
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], marks=pytest.mark.nightly),
        pytest.param([{}], marks=pytest.mark.nightly),
        pytest.param([{"killed": str(n), "title": "A long title " * 40} for n in range(30)], marks=pytest.mark.nightly),
        pytest.param([{"date": f"{2000 + n}-01-01", "date_precision": "year"} for n in range(9)], marks=pytest.mark.nightly),
        [{"title": probe, "perpetrator": probe, "target_type": probe, "killed": "2"} for probe in PROBES],
    ],
    ids=["none", "one", "one day", "years only", "hostile"],
)
def test_two_pages_hold_whatever_the_record_is(rows, paper):
    loaded = tiny.record(*rows) if rows else shipped_record()
    chosen = Filters() if rows else Filters(city=("Herat",), since=date(2002, 1, 1), until=date(2002, 1, 2))
    brief, drawn = made(loaded, chosen, paper, "A title of a person " * 30)
    assert len(typst_pdf.png_pages(brief, drawn, paper, 20)) == 2
    assert typst_pdf.pdf(brief, drawn, paper).startswith(b"%PDF-") and brief.uncertain
    assert word.docx(brief, drawn, paper).startswith(b"PK")


def test_nothing_of_a_record_is_markup_for_typst():
    inject = [
        '#panic("run")',
        '#image("/etc/passwd")',
        "$ x $",
        "*bold*",
        '"); #panic()',
        "= Heading",
        "\\",
        "@cite <label>",
        "#{",
    ]
    brief, drawn = made(tiny.record(*({"title": text, "perpetrator": text, "killed": "2"} for text in inject)))
    reported = [one.title for one in brief.deadliest]
    assert sorted(reported) == sorted(inject)
    # A heading or a file that typst obeyed would change the document or fail: it is that of harmless texts of the same length.
    plain, same = made(
        tiny.record(*({"title": "a" * len(text), "perpetrator": "a" * len(text), "killed": "2"} for text in inject))
    )
    assert len(typst_pdf.png_pages(brief, drawn, "a4", 20)) == len(typst_pdf.png_pages(plain, same, "a4", 20)) == 2
    assert inject[0].encode() not in typst_pdf.TEMPLATE.read_bytes() and b"eval(" not in typst_pdf.TEMPLATE.read_bytes()


def test_a_word_document_holds_texts_as_runs_and_no_field_and_no_other_link():
    inject = ['{ HYPERLINK "http://probe.example" }', "=SUM(A1)", "<w:instrText>DDEAUTO c:\\\\x</w:instrText>", "\x00\x1b]]>"]
    loaded = tiny.record(*({"title": text, "killed": "2"} for text in inject))
    data = word.docx(*made(loaded))
    document = parts(data)["word/document.xml"]
    assert b"<w:instrText" not in document and b"fldSimple" not in document and b"fldChar" not in document
    assert all(text.replace("\x00\x1b", "") in runs(data) for text in inject)
    targets = re.findall(rb'Target="([^"]+)"[^>]*TargetMode="External"', parts(data)["word/_rels/document.xml.rels"])
    assert targets == [LINK.encode()]


@pytest.mark.nightly
def test_a_source_is_a_link_only_for_an_address_of_the_web(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(tiny.text({"killed": "2"}, {"killed": "1"}), encoding="utf-8")
    (tmp_path / "mine_reports.csv").write_text(
        "incident_id,publisher,title,url\nT-1,One,A,javascript:alert(1)\nT-2,Two,B,https://paper.example/b\n", encoding="utf-8"
    )
    brief, drawn = made(load(path))
    assert [(source.text, source.url) for source in brief.sources] == [
        ("Two, “B”", "https://paper.example/b"),
        ("One, “A”", None),
    ]
    links = re.findall(
        rb'Target="([^"]+)"[^>]*TargetMode="External"', parts(word.docx(brief, drawn))["word/_rels/document.xml.rels"]
    )
    assert sorted(links) == [LINK.encode(), b"https://paper.example/b"]


@pytest.mark.nightly
def test_the_same_brief_is_the_same_pdf(shipped):
    brief, drawn = made(shipped, Filters(city=("Herat",)))
    assert typst_pdf.pdf(brief, drawn) == typst_pdf.pdf(brief, drawn)


@pytest.mark.nightly
def test_an_engine_of_many_incidents_gives_its_totals_and_says_what_is_left_out(tmp_path):
    begin = date(2015, 1, 1)
    rows = [{"date": (begin + timedelta(days=n)).isoformat(), "killed": str(n % 7)} for n in range(2_200)]
    path = tmp_path / "many.csv"
    path.write_text(tiny.text(*rows), encoding="utf-8")
    out = tmp_path / "many.parquet"
    assert CliRunner().invoke(cli, ["convert", str(path), "-o", str(out)]).exit_code == 0
    engine = opened(str(out))
    chosen = Filters(since=date(2018, 1, 1))
    brief, drawn = made(engine, chosen)
    whole, _ = made(load(path), chosen)
    assert brief.figures == whole.figures and [one.killed for one in brief.deadliest] == [one.killed for one in whole.deadliest]
    assert "more than 1,000 single incidents" in brief.left_out and not whole.left_out
    assert len(typst_pdf.png_pages(brief, drawn, "a4", 20)) == 2


def test_the_command_writes_both_files_and_refuses_other_endings(tmp_path, monkeypatch):
    monkeypatch.delenv("INCIDENTS_DISCRETION", raising=False)
    path = tmp_path / "mine.csv"
    path.write_text(tiny.text({"killed": "3", "title": "Quillon in the bazaar"}), encoding="utf-8")
    for name, start in (("b.pdf", b"%PDF"), ("b.docx", b"PK")):
        done = CliRunner().invoke(cli, ["brief", str(path), "-o", str(tmp_path / name), "--paper", "letter", "--title", "Mine"])
        assert done.exit_code == 0 and (tmp_path / name).read_bytes().startswith(start)
    assert "Mine" in runs((tmp_path / "b.docx").read_bytes()) and "Quillon" in runs((tmp_path / "b.docx").read_bytes())
    assert CliRunner().invoke(cli, ["brief", str(path), "-o", str(tmp_path / "b.txt")]).exit_code == 2
    assert CliRunner().invoke(cli, ["brief", str(path), "-o", str(tmp_path / "b.pdf"), "--city", "Nowhere"]).exit_code == 1
    monkeypatch.setenv("INCIDENTS_DISCRETION", "grid")
    assert CliRunner().invoke(cli, ["brief", str(path), "-o", str(tmp_path / "c.docx")]).exit_code == 0
    text = runs((tmp_path / "c.docx").read_bytes())
    assert "Quillon" not in text and "To do no harm" in text


def test_what_every_incident_has_is_said_so_and_days_after_the_record_are_no_days_before_it(shipped):
    one, _drawn = made(shipped, Filters(city=("Kabul",), since=date(2008, 7, 7), until=date(2008, 7, 7)))
    assert one.uncertain[0].startswith("Every incident has a figure for the killed and for the wounded.")
    later, _drawn = made(shipped, Filters(since=date(2027, 1, 1), until=date(2027, 12, 31)))
    assert later.comparison[1] == "The record holds no day of this period."


def test_days_after_the_end_of_collection_are_not_compared_and_their_incidents_are_listed(shipped):
    brief = content.make(shipped, Filters(since=date(2026, 3, 16), until=date(2026, 3, 16)), LINK, TODAY)
    assert brief.incidents and brief.comparison[1] == "Collected to 11 Dec 2024; not compared after it."


def test_unknown_targets_are_a_bar_of_their_own_and_not_among_all_others():
    rows = [{"target_type": f"Kind {n}"} for n in range(12)] + [{"target_type": "Unknown"}]
    _brief, drawn = made(tiny.record(*rows))
    assert "all others: 4" in drawn.charts[0].alt.lower() and drawn.charts[0].alt.rstrip(".").endswith("Unknown: 1")


def test_an_address_that_is_too_long_is_no_link_to_elsewhere(shipped):
    assert content.make(shipped, Filters(), f"http://localhost/?q={'a' * 3000}", TODAY).link.endswith("a" * 3000)
    assert content.make(shipped, Filters(), f"http://localhost/?q={'a' * 9000}", TODAY).link == ""


def test_few_incidents_are_all_listed_and_the_newest_first(shipped):
    one, _drawn = made(shipped, Filters(target_subtype=("Embassy/Consulate",), since=date(2021, 8, 15), city=("Kabul",)))
    assert 1 < one.incidents <= content.MOST_DEADLIEST
    assert len(one.deadliest) == one.incidents and one.list_title == "The incidents, newest first"
    many, _drawn = made(shipped, Filters(city=("Kabul",)))
    assert many.list_title == "The deadliest incidents"


def test_it_says_what_else_was_hit_what_may_lie_in_the_circle_and_how_operations_are_counted(shipped):
    both = tiny.record({"target_type": "Police;Military", "killed": "9"}, {"target_type": "Police", "killed": "1"})
    sentences = content.make(both, Filters(target_type=("Police",)), LINK, TODAY).uncertain
    assert any("1 incident also hit other targets. Of the killed 9 died in these" in one for one in sentences)
    chosen = Filters(near=parse_circle("34.53,69.17,2"), since=date(2017, 1, 1), until=date(2017, 12, 31))
    possibly = nearby.around(chosen.without("near").apply(shipped.incidents), 34.53, 69.17, 2).possibly
    [maybe] = [one for one in content.make(shipped, chosen, LINK, TODAY).uncertain if "may lie in the circle" in one]
    assert maybe.startswith(f"{len(possibly)} more may lie") and "known only to Kabul" in maybe
    year = content.make(shipped, Filters(since=date(2021, 1, 1), until=date(2021, 12, 31)), LINK, TODAY)
    counts = re.search(
        r"(\d+) incidents \(attacks of one operation counted once\) from .* against (\d+) from", year.comparison[1]
    )
    counted, before = map(int, counts.groups())
    assert counted < year.incidents and f" of {counted + before} incidents come" in year.caution


def test_the_title_keeps_the_period_and_whole_criteria_and_the_comparison_its_reason(shipped):
    words = "street very long name beside river behind old market town beyond bridge"
    chosen = Filters(city=("Kabul",), q=words, weapon=("firearms",), since=date(2016, 3, 2), until=date(2017, 12, 31))
    brief = content.make(shipped, chosen, LINK, TODAY)
    assert brief.title == "Armed attacks in Kabul, 2 Mar 2016 to 31 Dec 2017, with firearms"
    assert words in brief.sentence and words not in brief.comparison[1]


def test_a_long_word_breaks_in_the_pdf_and_text_from_right_to_left_leaves_its_surroundings_alone():
    dari = "حمله انتحاری (کابل) 12"
    loaded = tiny.record({"title": "A" * 90, "perpetrator": "B" * 50, "killed": "9"}, {"title": dari, "killed": "2"})
    chosen = Filters(q=dari)
    brief, drawn = made(loaded, chosen)
    fields = typst_pdf.data(brief, drawn, "a4")
    assert f"“\u2068{dari}\u2069”" in fields["title"] and fields["deadliest"][0]["title"] == f"\u2068{dari}\u2069"
    brief, drawn = made(loaded)
    fields = typst_pdf.data(brief, drawn, "a4")
    long = next(one for one in fields["deadliest"] if "A" in one["title"])
    assert max(map(len, long["title"].split("\u200b"))) == max(map(len, long["who"].split("\u200b"))) == 20
    assert loaded.source.sha256 in dict(fields["about"])["Data version"] and fields["link"] == fields["link_url"] == LINK
    # Combining signs stay with their letters.
    assert typst_pdf.printable("e\u0301" * 30).replace("\u200b\u0301", "") == typst_pdf.printable("e\u0301" * 30)
    assert len(typst_pdf.png_pages(brief, drawn, "a4", 20)) == 2
