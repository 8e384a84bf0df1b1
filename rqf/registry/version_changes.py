"""What changed from one description of a qualification to another: fields, units, learning outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rqf.registry.description import OutcomeData, QualificationData, UnitData
from rqf.rules.differences import Kind, Piece, in_order, pair, word_by_word, woven

#: Said of the version and not by it, or compared in another way.
_NOT_COMPARED = {"change_note", "units"}
#: Whole or not at all: a code is not changed word by word.
_CODES = {
    "country", "type", "original_language", "code_system", "code", "framework", "volume_unit",
    "credit_scheme", "isced_f", "isco_08", "sector", "verified", "domain",
}  # fmt: skip
_OF_QUALIFICATIONS = tuple(one.name for one in fields(QualificationData) if one.name not in _NOT_COMPARED)
_OF_UNITS = ("titles", "code_system", "code", "hours", "mandatory", "original_language", "source")
_OF_OUTCOMES = ("domain", "texts")


@dataclass(frozen=True)
class FieldChange:
    """A field as it was and as it became; ``language`` for texts per language, ``pieces`` for any text."""

    field: str
    before: Any
    after: Any
    language: str | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class OutcomeChange:
    """A learning outcome that was added, removed or changed."""

    kind: Kind
    before: OutcomeData | None
    after: OutcomeData | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class UnitChange:
    """A unit that was added, removed or changed, with what changed in it."""

    kind: Kind
    before: UnitData | None
    after: UnitData | None
    fields: tuple[FieldChange, ...] = ()
    outcomes: tuple[OutcomeChange, ...] = ()
    #: Its learning outcomes stand in another order.
    reordered: bool = False


@dataclass(frozen=True)
class Changes:
    """Everything that changed; empty where two descriptions say the same."""

    fields: tuple[FieldChange, ...]
    units: tuple[UnitChange, ...]
    #: The units stand in another order.
    reordered: bool

    def __bool__(self) -> bool:
        return bool(self.fields or self.units or self.reordered)


def changes_between(
    before: QualificationData, after: QualificationData, copies: Mapping[str, str] | None = None
) -> Changes:
    """Return what changed from ``before`` to ``after``.

    ``copies``: identifier of a unit -> the one that it was copied from before it was changed.
    """
    rows = _pair_units(before.units, after.units, copies or {})
    units = (_unit(_at(before.units, i), _at(after.units, j)) for i, j in rows)
    return Changes(
        fields=tuple(_fields(before, after, _OF_QUALIFICATIONS)),
        units=tuple(one for one in units if one),
        reordered=not in_order([i for i, j in rows if i is not None and j is not None]),
    )


def _at(rows: Sequence[Any], place: int | None) -> Any:
    return None if place is None else rows[place]


def _fields(before: Any, after: Any, names: Sequence[str]) -> Iterator[FieldChange]:
    for name in names:
        was, became = getattr(before, name), getattr(after, name)
        if isinstance(was, Mapping):
            for language in sorted({*was, *became}):
                yield from _field(name, was.get(language), became.get(language), language)
        else:
            yield from _field(name, was, became)


def _field(name: str, was: Any, became: Any, language: str | None = None) -> Iterator[FieldChange]:
    if was == became:
        return
    text = name not in _CODES and isinstance(was if was is not None else became, str)
    yield FieldChange(
        name, was, became, language, word_by_word(was or "", became or "") if text else ()
    )  # fmt: skip


def _pair_units(
    before: Sequence[UnitData], after: Sequence[UnitData], copies: Mapping[str, str]
) -> list[tuple[int | None, int | None]]:
    """Return the places of the same unit: the same identifier, or copied from it, or else much alike."""
    places = {unit.uuid: place for place, unit in enumerate(before) if unit.uuid}
    partner: dict[int, int] = {}
    for place, unit in enumerate(after):
        origin = unit.uuid
        while origin and origin not in places:
            origin = copies.get(origin)
        if origin and places[origin] not in partner.values():
            partner[place] = places[origin]
    old = [place for place in range(len(before)) if place not in partner.values()]
    new = [place for place in range(len(after)) if place not in partner]
    alike = pair([_called(before[one]) for one in old], [_called(after[one]) for one in new])
    partner |= {new[j]: old[i] for i, j in alike if i is not None and j is not None}
    return woven(partner, len(before), len(after))


def _called(unit: UnitData) -> str:
    return unit.titles.get(unit.original_language or "", "") or next(iter(unit.titles.values()), "")


def _unit(before: UnitData | None, after: UnitData | None) -> UnitChange | None:
    if before is None or after is None:
        return UnitChange(Kind.REMOVED if before else Kind.ADDED, before, after)
    rows = pair([_text(one) for one in before.outcomes], [_text(one) for one in after.outcomes])
    outcomes = (_outcome(_at(before.outcomes, i), _at(after.outcomes, j)) for i, j in rows)
    found = UnitChange(
        Kind.CHANGED,
        before,
        after,
        fields=tuple(_fields(before, after, _OF_UNITS)),
        outcomes=tuple(one for one in outcomes if one),
        reordered=not in_order([i for i, j in rows if i is not None and j is not None]),
    )
    return found if found.fields or found.outcomes or found.reordered else None


def _text(outcome: OutcomeData) -> str:
    return outcome.texts.get(outcome.original_language or "", "") or next(iter(outcome.texts.values()), "")


def _outcome(before: OutcomeData | None, after: OutcomeData | None) -> OutcomeChange | None:
    if before is None or after is None:
        return OutcomeChange(Kind.REMOVED if before else Kind.ADDED, before, after)
    found = tuple(_fields(before, after, _OF_OUTCOMES))
    return OutcomeChange(Kind.CHANGED, before, after, found) if found else None
