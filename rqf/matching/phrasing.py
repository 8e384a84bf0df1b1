"""A learning outcome taken apart: its verbs, its objects, and the clause that only says "by the rules"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rqf.matching.outcome_words import things
from rqf.matching.text import NO_SYNONYMS, Normalised, Synonyms, fold, normalise, stem
from rqf.matching.verbs import Family, family_of

#: The verb says what kind of act it is; what it acts on says more.
VERB_WEIGHT = 0.85
#: What follows "according to", "using" or "considering" is circumstance.
TAIL_WEIGHT = 0.5
#: Words that stand in outcomes of every trade.
BOILERPLATE_WEIGHT = 0.25

_TAIL = re.compile(
    r"\b(?:"
    r"seg[uú]n|de acuerdo (?:a|al|con)|conforme (?:a|al|con)|considerando|respetando|cumpliendo|siguiendo|"
    r"utilizando|usando|aplicando|empleando|mediante|resguardando|bajo (?:los|las|el|la)|"
    r"(?:en|de) forma|de manera|"
    r"according to|in accordance with|following|using|applying|in line with|under the|considering|"
    r"segundo|conforme|de acordo com"
    r")\b",
    re.IGNORECASE,
)
#: A second act stands after a conjunction or a comma: "mide, anota y avisa".
_NEXT_ACT = re.compile(r"(?:,|\b(?:y|e|o|u|ou|and|or)\b)\s*([^\W\d_]+)", re.IGNORECASE)
_BOILERPLATE = {
    "es": """
        acuerdo normas normativa vigente establecido requerido procedimiento criterio estandar especificacion
        tecnico forma manera eficaz eficiente adecuado correspondiente correcto necesario requerimiento
        protocolo instruccion lineamiento respectivo diverso distinto tipo trabajo actividad labor faena
    """,
    "en": """
        rule regulation current established required procedure criterion standard specification technical way
        effective efficient suitable corresponding correct necessary requirement protocol instruction
        respective different type work activity task site
    """,
    "pt": """
        acordo norma vigente estabelecido requerido procedimento criterio padrao especificacao tecnico forma
        maneira eficaz eficiente adequado correspondente correto necessario requisito protocolo instrucao
        trabalho
    """,
}

#: A word as written (folded), its stem, and the groups of things that it may stand for.
Word = tuple[str, str, frozenset[int]]
_NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Phrase:
    """An outcome as compared: its words, stems (verbs by their family) and what each word weighs."""

    folded: str
    words: tuple[str, ...]
    faces: tuple[str, ...]
    stems: tuple[str, ...]
    weights: tuple[float, ...]
    family: Family | None
    #: The groups of `outcome_words` that each word may stand for.
    things: tuple[frozenset[int], ...]

    def told(self) -> Iterator[Word]:
        """Yield each word as it is compared with others."""
        return zip(self.faces, self.stems, self.things, strict=True)


# One or two kilobytes each; a page that compares with sixty records reads some hundreds.
@lru_cache(maxsize=10_000)
def phrase(text: str, language: str = "es", synonyms: Synonyms = NO_SYNONYMS) -> Phrase:
    """Take an outcome apart."""
    whole = normalise(text, language, synonyms)
    words: list[str] = []
    faces: list[str] = []
    stems: list[str] = []
    weights: list[float] = []
    family = family_of(whole.plain[0], language) if whole.plain else None
    acts = {fold(word) for word in _NEXT_ACT.findall(text)}
    for clause, share in _clauses(whole, language, synonyms):
        for word, token in zip(clause.words, clause.stems, strict=True):
            verb = family_of(token, language) if not words or fold(word) in acts else None
            words.append(word)
            faces.append(fold(word) if verb is None else f"!{verb.name}")
            stems.append(token if verb is None else f"!{verb.name}")
            plain = BOILERPLATE_WEIGHT if is_boilerplate(token, language) else share
            weights.append(min(share, VERB_WEIGHT if verb else plain))
    groups = things(language)
    kinds = tuple(groups.get(token, _NOTHING) for token in stems)
    return Phrase(whole.folded, tuple(words), tuple(faces), tuple(stems), tuple(weights), family, kinds)


def _clauses(whole: Normalised, language: str, synonyms: Synonyms) -> Iterator[tuple[Normalised, float]]:
    """Yield what is done, then the circumstances, each with its weight."""
    found = _TAIL.search(whole.raw)
    head = normalise(whole.raw[: found.start()], language, synonyms) if found else whole
    if found is None or len(head.stems) < 2:
        yield whole, 1.0
    else:
        yield head, 1.0
        yield normalise(whole.raw[found.end() :], language, synonyms), TAIL_WEIGHT


def is_boilerplate(token: str, language: str) -> bool:
    """Say whether a stem stands in outcomes of every trade."""
    return token in _boilerplate(language)


@lru_cache(maxsize=8)
def _boilerplate(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in _BOILERPLATE.get(language, "").split())
