"""Nouns and near verbs of learning outcomes that mean much the same in any trade."""

from __future__ import annotations

from functools import lru_cache

from rqf.matching.text import fold, stem

#: Spanish and English words of one thing. National words of a trade belong in the reviewed synonyms instead.
THINGS: tuple[tuple[str, str], ...] = (
    ("panel módulo", "panel module"),
    ("tensión voltaje", "voltage tension"),
    ("sitio lugar terreno zona emplazamiento", "site place ground area location"),
    ("norma reglamento normativa regulación ley decreto código", "rule regulation law decree code standard"),
    ("falla avería desperfecto defecto anomalía", "fault failure breakdown defect anomaly"),
    ("riesgo peligro amenaza", "hazard risk danger"),
    ("trabajador personal operario cuadrilla equipo", "worker staff personnel crew team"),
    ("costo coste gasto presupuesto", "cost expense budget"),
    ("informe reporte bitácora registro parte", "report log record"),
    ("plano diagrama esquema croquis", "plan diagram drawing sketch"),
    ("herramienta utensilio útil", "tool utensil implement"),
    ("máquina maquinaria equipo", "machine machinery equipment"),
    ("componente parte pieza elemento", "component part piece element"),
    ("instrumento multímetro medidor", "instrument multimeter meter"),
    ("techo techumbre azotea cubierta", "roof rooftop"),
    ("batería acumulador almacenamiento", "battery accumulator storage"),
    ("residuo desecho desperdicio", "waste refuse"),
    ("accidente emergencia incidente", "accident emergency incident"),
    ("muestra muestreo", "sample sampling"),
    ("jefatura jefe supervisor superior", "foreman supervisor superior"),
    ("manual catálogo ficha", "manual catalogue sheet"),
    ("turno guardia jornada", "shift guard"),
    ("cuidado protección resguardo", "care protection"),
    ("eje árbol flecha", "shaft axle"),
    ("cable conductor alambre", "cable conductor wire"),
    ("unión junta empalme", "joint splice"),
    ("calidad conformidad", "quality conformity"),
    ("tubería cañería ducto conducto", "pipe piping duct conduit"),
    ("combustible carburante", "fuel"),
    ("lubricante aceite grasa", "lubricant oil grease"),
    ("meta objetivo", "target goal objective"),
)

#: Families of verbs whose acts overlap without being the same: one often implies the other.
KINDRED: tuple[frozenset[str], ...] = (
    frozenset({"recognise", "describe", "explain", "interpret"}),
    frozenset({"check", "measure", "locate", "diagnose", "analyse", "evaluate"}),
    frozenset({"control", "supervise", "coordinate", "direct", "lead", "manage"}),
    frozenset({"plan", "organise", "coordinate", "manage"}),
    frozenset({"design", "calculate", "draft"}),
    frozenset({"maintain", "repair", "clean", "adjust"}),
    frozenset({"adjust", "calibrate"}),
    frozenset({"execute", "operate", "apply", "install"}),
    frozenset({"justify", "select", "evaluate"}),
)
#: How near two words of one group of things are, from 0 to 1.
THING_NEARNESS = 0.8
#: How near the verbs of kindred families are, from 0 to 1.
KINDRED_NEARNESS = 0.5


@lru_cache(maxsize=4096)
def kindred(a: str, b: str) -> bool:
    """Say whether two tokens are families of verbs ("!measure") that overlap."""
    return any(a[1:] in group and b[1:] in group for group in KINDRED if a[0] == b[0] == "!")


@lru_cache(maxsize=8)
def things(language: str) -> dict[str, frozenset[int]]:
    """Return stem -> the groups of things that it may stand for."""
    column = {"es": 0, "en": 1}.get(language)
    found: dict[str, frozenset[int]] = {}
    if column is None:
        return found
    for number, group in enumerate(THINGS):
        for word in group[column].split():
            token = stem(fold(word), language)
            found[token] = found.get(token, frozenset()) | {number}
    return found
