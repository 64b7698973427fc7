"""Where a rehearsal leaves its files: in a folder of its own, and nowhere else."""

import pytest

from indexkit.errors import IndexkitError
from indexkit.rehearsal import RUNS, _folder


@pytest.mark.parametrize(
    "name", ["../../tests", "..", ".", "/", "/etc", "a/b", "", "a\x00b", "a\n"]
)
def test_folder__name_of_another_place__is_refused(name):
    """R-40: the name is read from a data file, and what is in the directory is removed first."""
    with pytest.raises(IndexkitError, match="no directory can be called so"):
        _folder(None, name)


@pytest.mark.parametrize("name", ["dpi-2021-04", "mvi_2021.06"])
def test_folder__plain_name__is_below_the_runs(name):
    """The published ones keep their place."""
    assert _folder(None, name).path == RUNS / name
