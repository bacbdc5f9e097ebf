"""Does a command wait for nothing that it does not need?"""

import subprocess
import sys
from pathlib import Path

import pytest

from leadwell import cli

UNUSED = ("leadwell.cli.dedupe", "leadwell.server.commands", "multiprocessing.connection", "pyarrow.compute")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_one_of_our_commands_is_made_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["leadwell", name, "--help"])
    made = cli._asked()
    commands = [*made.registered_commands, *made.registered_groups]
    assert [command.name for command in commands] == [name]


@pytest.mark.parametrize("words", [[], ["--help"], ["no-such-command"]])
def test_for_anything_else_all_commands_are_there(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["leadwell", *words])
    assert cli._asked() is cli.app
    assert set(cli.COMMANDS) <= {command.name for command in (*cli.app.registered_commands, *cli.app.registered_groups)}


def test_a_short_list_is_judged_without_what_only_others_need(tmp_path: Path) -> None:
    leads, out = tmp_path / "leads.csv", tmp_path / "out.parquet"
    leads.write_text(
        "received_at,message,zip\n2026-11-18T15:05:00Z,My knee hurts and I want to be seen next week,60201\n"
    )
    code = f"""
import sys
sys.argv = ["leadwell", "assess", {str(leads)!r}, "--playbook", "lakeside-orthopedics", "--out", {str(out)!r}]
from leadwell.cli import main
try:
    main()
finally:
    print([name for name in {UNUSED!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
