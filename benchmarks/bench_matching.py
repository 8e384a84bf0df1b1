"""Measure a search of the index beside rapidfuzz over the same titles, in the same run.

    python benchmarks/bench_matching.py [SIZE ...] [--queries N]

Titles are generated from parts of real trade titles, so the scale is synthetic; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from rqf.matching.candidates import Document, Index
from rqf.matching.text import normalise


def _parts(text: str) -> list[str]:
    return text.split(";")


ACTS = _parts(
    "Operación;Mantenimiento;Montaje;Instalación;Supervisión;Control;Inspección;Reparación;"
    "Calibración;Manejo;Diseño;Planificación;Soldadura;Diagnóstico;Programación;Operador;Técnico;"
    "Mecánico;Electricista;Supervisor;Ayudante"
)
OBJECTS = _parts(
    "maquinaria pesada;equipos electromecánicos;plantas concentradoras;sistemas fotovoltaicos;"
    "explosivos;correas transportadoras;voladura de barrenos;perforación rotaria;"
    "camiones fuera de carretera;relaves;redes de media tensión;motores diésel;bombas centrífugas;"
    "estructuras metálicas;aerogeneradores;tuberías de gas natural;hornos de fundición;"
    "celdas de flotación;instrumentos de presión;subestaciones;tableros eléctricos;"
    "sistemas hidráulicos;ventilación de minas;turbinas de vapor;cargadores frontales;"
    "molinos de bolas;topografía minera;laboratorio químico"
)
PLACES = _parts(
    "mina subterránea;mina a cielo abierto;planta industrial;faena minera;sector energético;"
    "parque solar;refinería;puerto;zona rural;alta montaña;línea de producción;taller"
)


def titles(count: int, seed: int = 1) -> list[str]:
    """Return so many different titles, always the same ones."""
    dice = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        title = f"{dice.choice(ACTS)} de {dice.choice(OBJECTS)}"
        if dice.random() < 0.7:
            title += f" y {dice.choice(OBJECTS)}"
        if dice.random() < 0.7:
            title += f" en {dice.choice(PLACES)}"
        if dice.random() < 0.5:
            title += f", serie {dice.randrange(1, 2000)}"
        made[title] = None
    return list(made)


def misspelt(title: str, dice: random.Random) -> str:
    """Return a title with one letter left out."""
    at = dice.randrange(1, len(title) - 1)
    return title[:at] + title[at + 1 :]


def document(number: int, title: str) -> Document:
    """Return a record with one title."""
    return Document(number, (("es", title),), None, "CL", "qualification")


def timed(call: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    call(queries[0])
    taken = []
    for query in queries:
        start = time.perf_counter()
        call(query)
        taken.append(1000 * (time.perf_counter() - start))
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def stemmed(title: str) -> str:
    """Return the stems of a title as one text."""
    return " ".join(normalise(title).stems)


def measure(size: int, queries: int) -> None:
    """Print the figures for one size."""
    corpus = titles(size)
    dice = random.Random(2)
    asked = [misspelt(title, dice) for title in dice.sample(corpus, queries)]
    start = time.perf_counter()
    index = Index()
    index.put_all(
        Document(n, (("es", title),), None, "CL", "qualification") for n, title in enumerate(corpus)
    )
    index.search("x")
    build = time.perf_counter() - start
    start = time.perf_counter()
    index.put(document(size, "Registro recién publicado"))
    assert index.search("registro recién publicado", limit=1)[0].id == size
    fresh = 1000 * (time.perf_counter() - start)
    stems = [stemmed(title) for title in corpus]

    def naive(scorer: Callable[..., float]) -> tuple[float, float]:
        few = asked[: max(5, min(queries, 1_000_000 // size))]
        return timed(lambda query: process.extract(stemmed(query), stems, scorer=scorer, limit=20), few)

    rows = [
        ("index: search, top 20, explained", timed(lambda query: index.search(query, limit=20), asked)),
        ("index: all ids, for facets", timed(lambda query: index.ids(query), asked)),
        ("rapidfuzz extract WRatio, over stems", naive(fuzz.WRatio)),
        ("rapidfuzz extract token_set, over stems", naive(fuzz.token_set_ratio)),
    ]
    print(f"\n{size:,} titles: built in {build:.1f} s; put and found again in {fresh:.1f} ms")
    print(f"{'':42}{'p50 ms':>10}{'p95 ms':>10}{'p95 / index':>13}")
    for name, (middle, late) in rows:
        print(f"{name:42}{middle:10.1f}{late:10.1f}{late / rows[0][1][1]:12.1f}x")


def main() -> None:
    """Measure each size asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    for size in options.sizes:
        measure(size, options.queries)


if __name__ == "__main__":
    main()
