"""Manifests of deployments: what is written is what is read, and nothing else is (R-45)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexkit.deployment import manifest
from indexkit.deployment.manifest import CALL, DEPLOY, DONE, SENT, Manifest, Record
from indexkit.errors import IndexkitError

DONE_STEP = Record(
    DEPLOY, "Controller", ["0x01"], DONE, transaction="0x02", nonce=7, address="0xA", block=9
)
SENT_STEP = Record(CALL, "Controller", [], SENT, transaction="0x03", nonce=8, raw="0x04")


@pytest.fixture
def full() -> Manifest:
    """Return a manifest with a step that is done and one that was sent."""
    empty = Manifest("ethereum-sepolia", 1, "0x00", "0xB", {"name": "a"}, {"version": "0.4.3"})
    return empty.with_step("z.first", DONE_STEP).with_step("a.second", SENT_STEP)


def test_write__is_read_again(tmp_path: Path, full: Manifest) -> None:
    """Order and all, though JSON is sorted by keys."""
    manifest.write(tmp_path / "m.json", full)

    found = manifest.read(tmp_path / "m.json")

    assert found == full
    assert found is not None
    assert list(found.steps) == ["z.first", "a.second"]
    assert (found.sent, found.addresses) == ("a.second", {"z.first": "0xA"})


def test_read__no_file(tmp_path: Path) -> None:
    """Nothing was deployed yet."""
    assert manifest.read(tmp_path / "none.json") is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: m.pop("genesis"), "genesis"),
        (lambda m: m.update(extra=1), "unknown field 'extra'"),
        (lambda m: m["steps"]["a.second"].pop("raw"), "a.second: is sent, but its signed"),
        (lambda m: m["steps"]["a.second"].update(status="lost"), "status is unknown"),
        (lambda m: m["steps"]["z.first"].update(more=1), "more"),
        (lambda m: m["steps"]["z.first"].pop("order"), "order is missing"),
        (lambda m: m.update(steps=[]), "items"),
        (lambda m: m.update(chain_id="1"), "chain_id"),
        (lambda m: m.update(roles=1), "is no object"),
        (
            lambda m: m["steps"]["z.first"].update(status="sent", raw="0x"),
            "two steps are sent",
        ),
    ],
)
def test_read__no_manifest(tmp_path: Path, full: Manifest, change: Any, sentence: str) -> None:
    """Each is refused in one sentence, and left as it is."""
    content = json.loads(json.dumps(full.to_json()))
    change(content)
    file = tmp_path / "m.json"
    file.write_text(json.dumps(content))
    written = file.read_bytes()

    with pytest.raises(IndexkitError, match=rf"is no manifest of a deployment .*{sentence}"):
        manifest.read(file)

    assert file.read_bytes() == written


def test_with_step__keeps_the_place(full: Manifest) -> None:
    """A step that goes on stays where it was; one that is dropped is gone."""
    later = full.with_step("z.first", replace(DONE_STEP, block=10))

    assert list(later.steps) == ["z.first", "a.second"]
    assert list(full.with_step("a.second", None).steps) == ["z.first"]
