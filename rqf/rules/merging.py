"""Two people changed the same text: what each of them changed, merged, and where the two collide.

Texts are as a form has them: names with texts or truth values, and lists of such members (units, learning
outcomes).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rqf.rules.differences import in_order, pair

#: Names with values; a value is a text, a truth value, or a list of members.
Said = Mapping[str, Any]
Align = Callable[[Sequence[Said], Sequence[Said]], dict[int, int]]


@dataclass(frozen=True)
class Change:
    """What one of the two changed, and nobody else: ``place`` is written ``units.0.title``.

    A member that was added has no ``before``, one that was removed no ``after``.
    """

    place: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Collision:
    """What both changed in different ways. None stands for a member that one of them removed."""

    place: str
    base: Any
    theirs: Any
    yours: Any


@dataclass
class Merge:
    """The merged text, which has yours where the two collide, and how it came about."""

    merged: dict[str, Any] = field(default_factory=dict)
    collisions: list[Collision] = field(default_factory=list)
    theirs: list[Change] = field(default_factory=list)
    yours: list[Change] = field(default_factory=list)


def merge(
    base: Said, theirs: Said, yours: Said, copies: Mapping[str, str], joined: frozenset[str] = frozenset()
) -> Merge:
    """Merge what two people made of ``base``.

    ``copies``: identifier of a unit -> the one that it was copied from. ``joined`` are the fields in which
    both texts are kept, one after the other, because each says something of its own.
    """
    found = Merge()
    for name in theirs:
        was, one, other = base.get(name), theirs[name], yours.get(name)
        if name == "units":
            found.merged[name] = _members(found, name, was or [], one, other or [], _by_identifier(copies))
        elif name in joined and one and other and one != other and was not in (one, other):
            found.merged[name] = f"{one}; {other}"
        else:
            found.merged[name] = _value(found, name, was, one, other)
    return found


def settle(merged: Said, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merged text with what was ``chosen``: place -> value; None removes the member there."""
    result: dict[str, Any] = _copy(merged)
    gone: list[tuple[list[Any], int]] = []
    for place, value in chosen.items():
        *way, last = place.split(".")
        at: Any = result
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        if not isinstance(at, list):
            at[last] = value
        elif value is None:
            gone.append((at, int(last)))
    # From the end, so that the places before keep their numbers.
    for rows, number in sorted(gone, key=lambda one: -one[1]):
        del rows[number]
    return result


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copy(one) for name, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _value(found: Merge, place: str, base: Any, theirs: Any, yours: Any) -> Any:
    if theirs == yours:
        return theirs
    if yours == base:
        found.theirs.append(Change(place, base, theirs))
        return theirs
    if theirs == base:
        found.yours.append(Change(place, base, yours))
    else:
        found.collisions.append(Collision(place, base, theirs, yours))
    return yours


@dataclass
class _Row:
    """A member as the three texts have it; None where one has not."""

    base: Said | None
    theirs: Said | None
    yours: Said | None


def _members(
    found: Merge,
    place: str,
    base: Sequence[Said],
    theirs: Sequence[Said],
    yours: Sequence[Said],
    align: Align,
) -> list[Any]:
    result: list[Any] = []
    for row in _rows(base, theirs, yours, align):
        here = f"{place}.{len(result)}"
        kept = _member(found, place, here, row)
        if kept is not None:
            result.append(kept)
    return result


def _member(found: Merge, place: str, here: str, row: _Row) -> Any:
    """Return the merged member, or None when it is gone."""
    base, theirs, yours = row.base, row.theirs, row.yours
    if theirs is not None and yours is not None:
        return _whole(found, here, base or {}, theirs, yours)
    there = theirs if theirs is not None else yours
    notes = found.theirs if there is theirs else found.yours
    if base is None:
        notes.append(Change(here, None, there))
        return _copy(there)
    if _says(there) == _says(base):
        # Who does not have it any more removed it, and the other did not touch it.
        (found.yours if there is theirs else found.theirs).append(Change(place, base, None))
        return None
    found.collisions.append(Collision(here, base, theirs, yours))
    return _copy(there)


def _whole(found: Merge, here: str, base: Said, theirs: Said, yours: Said) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, one in theirs.items():
        at = f"{here}.{name}"
        if name == "uuid":
            # A unit that they copied before they changed it is the one that belongs to the draft now.
            merged[name] = one or yours.get(name)
        elif isinstance(one, list):
            merged[name] = _members(found, at, base.get(name) or [], one, yours.get(name) or [], _by_text)
        else:
            merged[name] = _value(found, at, base.get(name), one, yours.get(name))
    return merged


def _rows(base: Sequence[Said], theirs: Sequence[Said], yours: Sequence[Said], align: Align) -> list[_Row]:
    """Return the members of three lists, each once, in the order of whoever moved them."""
    to_theirs, to_yours = align(base, theirs), align(base, yours)
    common = [to_yours[place] for place in sorted(to_yours)]
    if in_order(common):
        return _woven(base, theirs, yours, to_theirs, to_yours)
    turned = _woven(base, yours, theirs, to_yours, to_theirs)
    return [_Row(row.base, row.yours, row.theirs) for row in turned]


def _woven(
    base: Sequence[Said], first: Sequence[Said], second: Sequence[Said], to_first: dict[int, int],
    to_second: dict[int, int],
) -> list[_Row]:  # fmt: skip
    origin = {place: number for number, place in to_first.items()}
    rows: list[_Row] = []
    stands: list[int | None] = []
    new = {place for place in range(len(second)) if place not in to_second.values()}
    for place, one in enumerate(first):
        number = origin.get(place)
        twin = to_second.get(number) if number is not None else _twin(one, second, new)
        new.discard(-1 if twin is None else twin)
        rows.append(
            _Row(None if number is None else base[number], one, None if twin is None else second[twin])
        )
        stands.append(twin)
    back = {place: number for number, place in to_second.items()}
    for place, other in enumerate(second):
        if place in stands:
            continue
        after = stands.index(place - 1) + 1 if place - 1 in stands else 0
        number = back.get(place)
        rows.insert(after, _Row(None if number is None else base[number], None, other))
        stands.insert(after, place)
    return rows


def _twin(one: Said, others: Sequence[Said], free: set[int]) -> int | None:
    """Return the place of a new member that is the same as ``one``, which is new as well."""
    wanted = one.get("uuid") or _called(one)
    return next(
        (place for place in sorted(free) if wanted in (others[place].get("uuid"), _called(others[place]))),
        None,
    )


def _by_identifier(copies: Mapping[str, str]) -> Align:
    def align(base: Sequence[Said], other: Sequence[Said]) -> dict[int, int]:
        places = {one.get("uuid"): place for place, one in enumerate(base) if one.get("uuid")}
        found: dict[int, int] = {}
        for place, one in enumerate(other):
            origin = one.get("uuid")
            while origin and origin not in places:
                origin = copies.get(origin)
            if origin and places[origin] not in found:
                found[places[origin]] = place
        return found

    return align


def _by_text(base: Sequence[Said], other: Sequence[Said]) -> dict[int, int]:
    rows = pair([_called(one) for one in base], [_called(one) for one in other])
    return {was: became for was, became in rows if was is not None and became is not None}


def _called(member: Said) -> str:
    return str(member.get("title", member.get("text", "")))


def _says(member: Said | None) -> dict[str, Any]:
    return {name: value for name, value in (member or {}).items() if name != "uuid"}
