"""The mutations of a source file: one changed place each, found in Vyper's own syntax tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from vyper import ast as vy


@dataclass(frozen=True, slots=True)
class Mutation:
    """One changed place of a source file.

    Attributes
    ----------
    path
        Of the file, from the project's root.
    line
        On which the change starts.
    function
        In which it lies; empty at the top of the file.
    operator
        What kind of change.
    start, end, new
        The characters ``source[start:end]`` become ``new``.
    old
        What they were.
    text
        The whole line before the change, stripped.
    """

    path: str
    line: int
    function: str
    operator: str
    start: int
    end: int
    old: str
    new: str
    text: str

    def apply(self, source: str) -> str:
        """Return the mutated source."""
        return source[: self.start] + self.new + source[self.end :]

    @property
    def shown(self) -> str:
        """The change in words."""
        old, new = (re.sub(r"\s+", " ", part) for part in (self.old, self.new))
        return f"{old} → {new}"


OPERATORS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
    "and": ("or",),
    "or": ("and",),
    "+": ("-",),
    "-": ("+",),
    "*": ("//",),
    "//": ("*",),
    "<<": (">>",),
    ">>": ("<<",),
    "|": ("&",),
    "&": ("|",),
    "+=": ("-=",),
    "-=": ("+=",),
    "|=": ("&=",),
}
"""Other operators in the place of one: the boundary of a comparison, and its opposite."""

CALLEES = {
    "mul_up": "mul_down",
    "mul_down": "mul_up",
    "div_down": "mul_down",
    "min": "max",
    "max": "min",
    "unsafe_add": "unsafe_sub",
    "unsafe_sub": "unsafe_add",
    "unsafe_mul": "unsafe_div",
    "unsafe_div": "unsafe_mul",
}
"""Functions that round, choose or calculate the other way."""

COMMUTATIVE = {"add", "mul", "_add", "_mul", "mul_up", "mul_down", "min", "max"} | {
    *("signed_mul_down", "_signed_mul", "unsafe_add", "unsafe_mul"),
}
"""Functions whose two arguments may be swapped without any change."""

_TOKEN = re.compile(r"#[^\n]*|\*\*|not\s+in\b|in\b|and\b|or\b|//|<<|>>|[<>=!|&+*-]=|[-+*<>|&]")
_CALLS = (vy.ExtCall, vy.StaticCall)


@cache
def mutations(path: str, source: str) -> tuple[Mutation, ...]:
    """Return every mutation of a source file, in the order of its places."""
    finder = _Finder(path, source)
    finder.visit(vy.parse_to_ast(source), "")
    found = {(m.start, m.end, m.new): m for m in finder.found}
    return tuple(sorted(found.values(), key=lambda m: (m.start, m.end, m.operator, m.new)))


class _Finder:
    def __init__(self, path: str, source: str) -> None:
        self.path, self.source = path, source
        self.lines = source.splitlines(keepends=True)
        self.offsets = [0]
        for line in self.lines:
            self.offsets.append(self.offsets[-1] + len(line))
        self.found: list[Mutation] = []
        self.constants: dict[str, list[str]] = {}

    def visit(self, module: vy.Module, function: str) -> None:
        for node in module.body:
            if isinstance(node, vy.VariableDecl) and node.is_constant:
                of_type = self.constants.setdefault(self.text(node.annotation), [])
                of_type.append(node.target.id)
        for node in module.body:
            if isinstance(node, vy.VariableDecl) and node.value is not None:
                self.expression(node.value, "")
            elif isinstance(node, vy.FunctionDef):
                self.body(node.body, node.name)

    # ------------------------------------------------------------ statements

    def body(self, statements: list[Any], function: str) -> None:
        for node in statements:
            if isinstance(node, vy.DocStr):
                continue
            self.deletion(node, function)
            for name in ("test", "value", "target", "iter", "msg"):
                child = getattr(node, name, None)
                if isinstance(child, vy.VyperNode) and not _is_text(child):
                    self.expression(child, function)
            if isinstance(node, vy.If | vy.Assert):
                self.negation(node.test, function)
            if isinstance(node, vy.AugAssign):
                self.operator(node, node.target, node.value, function)
            for name in ("body", "orelse"):
                self.body(getattr(node, name, None) or [], function)

    def deletion(self, node: Any, function: str) -> None:
        whole = vy.Assert | vy.Log | vy.Raise | vy.Assign | vy.AugAssign | vy.Expr | vy.Break
        if isinstance(node, whole) and not (isinstance(node, vy.Expr) and _is_text(node.value)):
            kind = type(node).__name__.lower()
            names = {"expr": "call", "assign": "assignment", "augassign": "assignment"}
            self.add(node, f"delete {names.get(kind, kind)}", "pass", function)

    def negation(self, test: Any, function: str) -> None:
        if not isinstance(test, vy.Compare | vy.UnaryOp):
            self.add(test, "negate", f"not ({self.text(test)})", function)

    # ------------------------------------------------------------ expressions

    def expression(self, root: Any, function: str) -> None:
        for node in (root, *root.get_descendants()):
            if isinstance(node, vy.Compare | vy.BinOp):
                self.operator(node, node.left, node.right, function)
            elif isinstance(node, vy.BoolOp):
                for left, right in pairwise(node.values):
                    self.operator(node, left, right, function)
            elif isinstance(node, vy.UnaryOp) and self.text(node).startswith("not"):
                self.add(node, "drop not", f"({self.text(node.operand)})", function)
            elif isinstance(node, vy.Int):
                self.integer(node, function)
            elif isinstance(node, vy.NameConstant):
                self.add(node, "boolean", str(not node.value), function)
            elif isinstance(node, vy.Call):
                self.call(node, function)
            elif isinstance(node, vy.Name):
                self.constant(node, function)

    def operator(self, node: Any, left: Any, right: Any, function: str) -> None:
        start, end = self.place(left)[1], self.place(right)[0]
        for token in _TOKEN.finditer(self.source, start, end):
            old = re.sub(r"\s+", " ", token.group())
            for new in OPERATORS.get(old, ()):
                self.put(token.start(), token.end(), "operator", new, function)

    def integer(self, node: Any, function: str) -> None:
        for new in (node.value + 1, node.value - 1):
            if new >= 0:
                self.add(node, "integer", str(new), function)

    def call(self, node: Any, function: str) -> None:
        name = node.func
        simple = getattr(name, "attr", None) or getattr(name, "id", "")
        if simple in CALLEES:
            end = self.place(name)[1]
            self.put(end - len(simple), end, "other function", CALLEES[simple], function)
        if simple in COMMUTATIVE:
            return
        given = [keyword.value for keyword in node.keywords] or node.args
        if simple == "abi_encode":
            given = node.args
        for one, other in pairwise(given):
            a, b = self.text(one), self.text(other)
            if a != b and not (isinstance(one, vy.Int) and isinstance(other, vy.Int)):
                start, end = self.place(one)[0], self.place(other)[1]
                between = self.source[self.place(one)[1] : self.place(other)[0]]
                self.put(start, end, "swap arguments", f"{b}{between}{a}", function)

    def constant(self, node: Any, function: str) -> None:
        for names in self.constants.values():
            if node.id in names and len(names) > 1:
                other = names[(names.index(node.id) + 1) % len(names)]
                self.add(node, "other constant", other, function)

    # ------------------------------------------------------------ places

    def place(self, node: Any) -> tuple[int, int]:
        return (
            self.offsets[node.lineno - 1] + node.col_offset,
            self.offsets[node.end_lineno - 1] + node.end_col_offset,
        )

    def text(self, node: Any) -> str:
        start, end = self.place(node)
        return self.source[start:end]

    def add(self, node: Any, operator: str, new: str, function: str) -> None:
        self.put(*self.place(node), operator, new, function)

    def put(self, start: int, end: int, operator: str, new: str, function: str) -> None:
        line = self.source.count("\n", 0, start) + 1
        text = self.lines[line - 1].strip()
        old = self.source[start:end]
        assert old != new, f"{self.path}:{line}: no change"
        self.found.append(Mutation(self.path, line, function, operator, start, end, old, new, text))


def _is_text(node: Any) -> bool:
    return isinstance(node, vy.Str | vy.DocStr)


def sources_of(path: str, read: Any) -> Iterator[str]:
    """Yield a contract's file and every library module it is made of, each once.

    Parameters
    ----------
    path
        Of the contract.
    read
        Gives the source of a path.
    """
    seen, waiting = {path}, [path]
    while waiting:
        one = waiting.pop(0)
        yield one
        for name in re.findall(r"^from contracts\.lib import (\w+)", read(one), re.MULTILINE):
            imported = f"contracts/lib/{name}.vy"
            if imported not in seen:
                seen.add(imported)
                waiting.append(imported)
