"""How complex a text reads, on the scale of eight levels: its verbs, its autonomy, the role in a title."""

from __future__ import annotations

import re

from rqf.matching.text import fold, normalise, stem
from rqf.matching.verbs import family_of

#: The scale on which verbs, roles and phrases are placed.
SCALE = 8.0
#: What the context of an outcome says moves its verb's level half of the way.
CONTEXT_SHARE = 0.5

_CONTEXT: tuple[tuple[str, float], ...] = (
    (r"bajo supervision directa|under direct supervision|sob supervisao direta", 1.2),
    (r"bajo supervision|under supervision|sob supervisao", 2.0),
    (r"tareas? simples?|rutinari[ao]s?|routine|simple tasks?|rotineir[ao]s?", 2.0),
    (r"no rutinari[ao]s?|non routine|nao rotineir[ao]s?", 4.2),
    (r"situaciones imprevistas|imprevist[ao]s|unforeseen|unpredictable", 5.0),
    (r"personal a (?:su )?cargo|equipos? de trabajo a|cuadrillas?|team members|crews?", 4.8),
    (r"sistemas? complet[ao]s?|whole systems?|complex systems?|sistemas? complej[ao]s?", 5.0),
    (r"proyectos? de ingenieria|engineering projects?|investigacion|research", 6.2),
    (r"politicas|estrategic[ao]s?|strategic|strategy|policies", 6.5),
)
_ROLES = {
    "es": {
        1.5: "ayudante auxiliar asistente aprendiz peon",
        2.5: "operador operario cargador conductor maquinista",
        3.2: "mecanico electricista soldador instalador montador mantenedor tronador",
        4.5: "tecnico instrumentista topografo tecnologo",
        5.2: "supervisor jefe capataz coordinador encargado supervision",
        6.0: "ingeniero licenciado profesional ingenieria licenciatura",
        7.0: "magister maestria especialista gerente",
        8.0: "doctor doctorado",
    },
    "en": {
        1.5: "helper assistant trainee labourer",
        2.5: "operator driver",
        3.2: "mechanic electrician welder installer fitter",
        4.5: "technician technologist surveyor",
        5.2: "supervisor foreman coordinator",
        6.0: "engineer bachelor engineering",
        7.0: "master manager",
        8.0: "doctor doctorate",
    },
}
_CONTEXTS = tuple((re.compile(rf"\b(?:{pattern})\b"), tier) for pattern, tier in _CONTEXT)


def of_outcome(text: str, language: str) -> float | None:
    """Return the level that an outcome reads like, or None when its verb says nothing."""
    stems = normalise(text, language).plain
    family = family_of(stems[0], language) if stems else None
    context = _context(text)
    if family is None:
        return context
    return family.tier if context is None else family.tier + CONTEXT_SHARE * (context - family.tier)


def of_title(title: str, language: str) -> float | None:
    """Return the level that the role named in a title usually has, or None."""
    stems = set(normalise(title, language).plain)
    named = [
        tier
        for tier, words in _ROLES.get(language, {}).items()
        if stems & {stem(word, language) for word in words.split()}
    ]
    return max(named, default=None)


def typical(levels: list[float]) -> float | None:
    """Return the level that several outcomes speak for: the mean of their upper half.

    Every level keeps the simple acts of those below it, so the demanding half says where a text stands.
    """
    upper = sorted(levels)[len(levels) // 2 :]
    return sum(upper) / len(upper) if upper else None


def _context(text: str) -> float | None:
    plain = " ".join(re.findall(r"\w+", fold(text)))
    found = [tier for pattern, tier in _CONTEXTS if pattern.search(plain)]
    return found[-1] if found else None
