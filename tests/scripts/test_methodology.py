"""`ape run methodology`, as a user runs it: without a chain."""

import json

EVIDENCE = "data/methodology/dpi-evidence-2021-11.json"
BASKET = "data/methodology/dpi-2021-04.json"


def test_criteria__judges_by_the_file_or_another_day(ape_run, tmp_path):
    """The table shows the verdicts of the day; the JSON holds them too (R-30)."""
    command = ape_run("methodology", "criteria", EVIDENCE, "--reasons")
    assert (command.status, command.err) == (0, "")
    assert "Inclusion criteria on 2021-11-23" in command.out
    assert "519857388 of 1020000000 circulate" in command.out
    file = tmp_path / "verdicts.json"
    command = ape_run(
        *("methodology", "criteria", EVIDENCE, "--on", "2021-02-02"),
        *("--circulating-share", "0.2", "--json", str(file)),
    )
    assert (command.status, command.err) == (0, "")
    verdicts = json.loads(file.read_text())
    assert verdicts["on"] == "2021-02-02"
    assert verdicts["parameters"]["least_circulating_share"] == "0.2"
    assert verdicts["tokens"]["MTA"]["verdicts"]["circulating-share"]["outcome"] == "fail"


def test_level__prints_weights_level_and_divisor(ape_run):
    """April 2021: UNI at 25 %, the level by the divisor, the divisor by the level (R-31, R-32)."""
    command = ape_run(
        *("methodology", "level", BASKET),
        *("--divisor", "78129169.2898771960", "--keep", "427.924639209043442489"),
    )
    assert (command.status, command.err) == (0, "")
    for words in (
        "DPI, 2021-04-20: single-pass-cap, cap 0.25",
        "25.0000000000000000 %",
        "Market cap of 14 components: 33,433,396,580.07 USD.",
        "Level by the divisor 78129169.2898771960: 427.92463920904344",
        "Divisor that keeps the level at 427.924639209043442489 USD: 78129169.289877196",
    ):
        assert words in command.out


def test_calendar__prints_a_year(ape_run):
    """Four cycles a year, with windows of three business days (R-33)."""
    command = ape_run("methodology", "calendar", "--year", "2022", "--every", "3", "--window", "3")
    assert (command.status, command.err) == (0, "")
    assert command.out.count("│\n") == 4
    assert (
        "│ Mon 18 Apr 2022 │ Sun 24 Apr 2022 │ Mon 02 May 2022 │ Wed 04 May 2022 │" in command.out
    )


def test_methodology__bad_input_is_one_sentence(ape_run, tmp_path):
    """What is wrong is said in one sentence, with a non-zero exit and no file (R-40)."""
    file = tmp_path / "basket.json"
    file.write_text('{"index": "X"}')
    verdicts = tmp_path / "verdicts.json"
    for arguments, words in (
        (("level", str(file)), "basket.json: the field 'rule' is missing: add it."),
        (("level", BASKET, "--keep", "much"), "--keep is 'much', not a number above zero"),
        (("criteria", BASKET), "dpi-2021-04.json: the field 'tokens' is missing: add it."),
        (
            ("criteria", EVIDENCE, "--circulating-share", "2", "--json", str(verdicts)),
            "The parameter least_circulating_share is 2: give a sensible number.",
        ),
        (("calendar", "--year", "2021", "--window", "0"), "A window of 0 business days: give a"),
    ):
        command = ape_run("methodology", *arguments)
        assert command.status == 1
        assert command.err.startswith(f"Error: {words}")
        assert command.err.count("\n") == 1
        assert command.out == ""
    assert not verdicts.exists()
