"""Compiles mutants in memory: no file of the project is ever changed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ape import project
from vyper.codegen import jumptable_utils
from vyper.compiler import CompilerData, compile_from_file_input
from vyper.compiler.input_bundle import FileInput, FilesystemInputBundle
from vyper.compiler.settings import Settings, anchor_settings
from vyper.ir import optimizer

from indexkit.localnet.paths import ROOT
from mutation.operators import Mutation
from mutation.targets import Target, source

SETTINGS = {"evm_version": "cancun"}


class InvalidError(Exception):
    """The mutant is no program."""


def creation_code(target: Target, mutation: Mutation | None, *, metadata: bool = False) -> str:
    """Return the creation code of a contract, mutated or as it is.

    Parameters
    ----------
    metadata
        Whether it ends with metadata as deployed: they change with every change of the sources.

    Raises
    ------
    InvalidError
        If the mutant does not compile.
    """
    with replaced_source(mutation):
        bundle = FilesystemInputBundle([ROOT])
        # Trees of a million nodes, looked through again and again: a third of the time.
        gc.disable()
        try:
            output = compile_from_file_input(
                bundle.load_file(target.path),
                input_bundle=bundle,
                settings=Settings(**SETTINGS),
                output_formats=["bytecode"],
                no_bytecode_metadata=not metadata,
            )
        except Exception as error:
            # Also what is no VyperException: folding `1 // 0` ends in a ZeroDivisionError.
            raise InvalidError(str(error)) from error
        finally:
            gc.enable()
        return str(output["bytecode"])


def used_functions(target: Target) -> set[tuple[str, str]]:
    """Return path and name of every function of a contract that somebody can reach."""
    data = _compiled(target.path)
    with anchor_settings(data.settings):
        module = data.global_ctx
        functions = {*module.exposed_functions, module.init_function} - {None}
        if target.fronted_by:
            answered = _compiled(target.fronted_by).global_ctx.exposed_functions
            names = {function.name for function in answered} - {"__default__"}
            functions = {function for function in functions if function.name not in names}
        for one in list(functions):
            functions |= set(one.reachable_internal_functions)
        return {
            (str(Path(f.decl_node.module_node.resolved_path).relative_to(ROOT)), f.name)
            for f in functions
            if f.decl_node is not None
        }


def _compiled(path: str) -> CompilerData:
    bundle = FilesystemInputBundle([ROOT])
    return CompilerData(bundle.load_file(path), bundle, settings=Settings(**SETTINGS))


@contextmanager
def replaced_source(mutation: Mutation | None) -> Iterator[None]:
    """Let every compilation find the mutated source in the place of the real one."""
    if mutation is None:
        yield
        return
    path, mutated = ROOT / mutation.path, mutation.apply(source(mutation.path))
    load = FilesystemInputBundle._load_from_path

    def patched(bundle: Any, resolved: Path, original: Path) -> Any:
        found = load(bundle, resolved, original)
        if resolved == path:
            return FileInput(found.source_id, found.path, found.resolved_path, mutated)
        return found

    FilesystemInputBundle._load_from_path = patched
    try:
        yield
    finally:
        FilesystemInputBundle._load_from_path = load


@contextmanager
def replaced_code(name: str, code: str) -> Iterator[None]:
    """Let whatever deploys a contract of the project deploy other code."""
    project.get_contract(name)
    bytecode = project.manifest.contract_types[name].deployment_bytecode
    before = bytecode.bytecode
    bytecode.bytecode = code
    try:
        yield
    finally:
        bytecode.bytecode = before


# ---------------------------------------------------------------- speed: the same code, sooner


def _remember_magic() -> None:
    """Find the table of a set of selectors once: a mutant has the functions of the original."""
    find = jumptable_utils.find_magic_for
    found: dict[tuple[int, ...], Any] = {}

    def find_once(ids: list[int]) -> Any:
        key = tuple(ids)
        if key not in found:
            try:
                found[key] = find(ids)
            except jumptable_utils._FindMagicFailure as failure:
                found[key] = failure
        if isinstance(found[key], Exception):
            raise found[key]
        return found[key]

    jumptable_utils.find_magic_for = find_once


def _remember_optimized() -> None:
    """Optimise each node once: the compiler asks again at every node above it."""
    optimize = optimizer._optimize

    def optimize_once(node: Any, parent: Any) -> Any:
        # All that is asked of the parent is whether it takes truth values.
        context = parent.value if parent is not None and parent.value in _TRUTH else None
        known = node.__dict__.setdefault("_known", {})
        if context not in known:
            known[context] = optimize(node, parent)
        return known[context]

    optimizer._optimize = optimize_once


_TRUTH = ("if", "assert", "iszero")
_remember_magic()
_remember_optimized()
