"""`mhtr measures`: what a caller of the command sees, and its exit status."""

import re
from pathlib import Path

import pytest

from mhtr.cli import main
from outcome_measures.batch.change import ChangeRows
from outcome_measures.batch.scoring import ScoreRows
from tests.tooling.conftest import ROOT

GOOD = "measure,items\nGAD-7,1;1;1;1;1;1;2\n"


def test_a_good_file_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(GOOD)
    assert main(["measures", "score", str(source), "-o", str(target)]) == 0
    assert target.read_text().splitlines() == [
        "measure,items,status,total,estimate,band,case,flags,problem",
        "GAD-7,1;1;1;1;1;1;2,complete,8,,mild,Y,,",
    ]
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"1 row written to {target}, 0 of them bad.\n"


def test_bad_rows_are_named_and_the_exit_status_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(GOOD + "GAD-7,9;9\n" + "GAD-7,0;0;0;0;0;0;0\n")
    assert main(["measures", "score", str(source), "-o", str(target)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "line 3: GAD-7 has 7 scored questions; this row has 2 places.",
        f"3 rows written to {target}, 1 of them bad.",
    ]
    assert len(target.read_text().splitlines()) == 4


def test_episodes_are_classified(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "phq_first,phq_last,gad_first,gad_last,treatment_contacts,episode_ended\n12,8,2,7,4,Y\n"
    )
    assert main(["measures", "change", str(source), "-o", str(target)]) == 0
    assert target.read_text().splitlines()[1] == "12,8,2,7,4,Y,Y,Y,Y,N,Y,N,N"


def test_a_missing_column_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(GOOD)
    assert main(["measures", "change", str(source), "-o", str(tmp_path / "out.csv")]) == 2
    assert capsys.readouterr().err == (
        "The first line of the file lacks the columns phq_first, phq_last, gad_first, gad_last, "
        "treatment_contacts, episode_ended.\n"
    )
    assert not (tmp_path / "out.csv").exists()


def test_whoever_watches_sees_a_progress_bar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    source = tmp_path / "in.csv"
    source.write_text(GOOD + "GAD-7,9;9\n")
    assert main(["measures", "score", str(source), "-o", str(tmp_path / "out.csv")]) == 1
    said = capsys.readouterr().err
    assert "in.csv" in said
    assert "100%" in said
    assert "\r\x1b[Kline 3: " in said


def test_the_examples_for_analysts_come_out_as_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "measures" / "for-analysts.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 4
    for command, given, expected in (("score", *blocks[:2]), ("change", *blocks[2:])):
        source, target = tmp_path / "in.csv", tmp_path / f"{command}.csv"
        source.write_text(given)
        main(["measures", command, str(source), "-o", str(target)])
        assert target.read_text() == expected


def test_the_page_for_analysts_names_every_column() -> None:
    page = (ROOT / "docs" / "measures" / "for-analysts.md").read_text(encoding="utf-8")
    for rows in (ScoreRows(), ChangeRows()):
        for column in (*rows.needs, *rows.adds):
            assert re.search(rf"^\|[^|]*`{column}`[^|]*\|", page, re.MULTILINE), column
