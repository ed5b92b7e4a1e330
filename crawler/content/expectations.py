"""Comparing two trees: whether the new one is the old one with the intended changes and no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.content import nodes, scalars
from crawler.content.edit_plans import Change
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.content.scalars import Value


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A new or changed value; `before` is the scalar that it replaced, None for a new one."""

    value: Value
    before: Scalar | None = None


_Expected = Node | _Wanted


@dataclass(frozen=True, slots=True)
class Expectations:
    """The intended changes, by the identity of the old tree's nodes."""

    replaced: dict[int, _Wanted]
    collections: dict[int, list[Change]]

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Expectations:
        """The changes of the tree that these edits should cause."""
        replaced: dict[int, _Wanted] = {}
        collections: dict[int, list[Change]] = {}
        for change in changes:
            if change.replaced is not None:
                assert change.value is not None
                replaced[id(change.replaced)] = _Wanted(change.value, change.replaced)
            else:
                collections.setdefault(id(change.parent), []).append(change)
        return cls(replaced, collections)

    def items_of(self, node: Mapping | Sequence) -> list[_Expected]:
        """The items that a list or mapping should hold now; of a mapping keys and values in turn."""
        changes = self.collections.get(id(node))
        items: list[_Expected] = list(node.items)
        if changes is None:
            return items
        width = 2 if isinstance(node, Mapping) else 1
        groups = [items[at : at + width] for at in range(0, len(items), width)]
        for change in changes:
            if change.removed is not None:
                groups[change.removed] = []
        result: list[_Expected] = []
        for position in range(len(groups) + 1):
            for change in sorted(changes, key=lambda change: change.order):
                if change.added == position:
                    assert change.value is not None
                    key = [_Wanted(change.key)] if width == 2 else []
                    result += [*key, _Wanted(change.value)]
            if position < len(groups):
                result += groups[position]
        return result


def same_with(old: Node | None, new: Node | None, expected: Expectations) -> bool:
    """Whether `new` holds the tags, values and order of `old` with the expected changes."""
    pending: list[tuple[_Expected | None, Node | None]] = [(old, new)]
    while pending:
        left, right = pending.pop()
        if isinstance(left, Scalar):
            left = expected.replaced.get(id(left), left)
        if isinstance(left, _Wanted):
            if right is None or not scalars.reads_as(right, left.value, left.before):
                return False
        elif isinstance(left, Mapping | Sequence):
            if not isinstance(right, Mapping | Sequence) or type(left) is not type(right):
                return False
            items = expected.items_of(left)
            if left.opening.tag != right.opening.tag or len(items) != len(right.items):
                return False
            pending.extend(zip(items, right.items, strict=True))
        elif not nodes.same_tree(left, right):
            return False
    return True
