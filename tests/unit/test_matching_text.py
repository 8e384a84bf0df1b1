"""Titles in comparable form."""

import pytest

from rqf.matching.text import NO_SYNONYMS, Synonyms, normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Operador/a de camión", "operador de camion"),
        ("TÉCNICO(A) EN SOLDADURA", "tecnico en soldadura"),
        ("operario, operaria de fundición", "operario de fundicion"),
        ("operario y operaria de fundición", "operario de fundicion"),
        ("director/directora de obra", "director de obra"),
        ("instalador de redes/instaladora de redes", "instalador de redes"),
        ("ingeniero-a de minas", "ingeniero de minas"),
        ("Mtto. de maq. pesada", "mantenimiento de maquinaria pesada"),
    ],
)
def test_ways_to_write_a_title_become_one(written, plain):
    assert normalise(written).stems == normalise(plain).stems
    assert normalise(written).folded == plain


def test_two_things_joined_by_a_word_are_no_gender_pair():
    assert len(normalise("operación y mantenimiento").stems) == 2
    assert len(normalise("carga y descarga").stems) == 2
    assert len(normalise("montaje/desmontaje").stems) == 2


@pytest.mark.parametrize(
    ("title", "guards"),
    [
        ("Soldador categoría 1", ("categoria 1",)),
        ("Soldador categoría II", ("categoria 2",)),
        ("SOLDADOR CATEGORÍA A", ("categoria a",)),
        ("Instalador eléctrico clase D", ("clase d",)),
        ("Tejido en telar, nivel avanzado", ("nivel avanzado",)),
        ("Operador de grúa 2º", ("2",)),
        ("Vitamina C", ("c",)),
        ("Trabajo a turno o jornada", ()),
        ("Técnico de nivel superior en minería", ()),
    ],
)
def test_numbers_letters_and_grades_stand_apart(title, guards):
    assert normalise(title).guards == guards


def test_phrases_of_the_trade_go_unless_nothing_would_be_left():
    assert normalise("Técnico de nivel superior en minería").stems == normalise("minería").stems
    assert normalise("Albañiles, en general").stems == normalise("albañil").stems
    assert normalise("De la").words == ("de", "la")
    assert normalise("").stems == ()
    assert normalise("¿...?").stems == ()


def test_words_keep_their_accents_beside_their_stems():
    title = normalise("Operación de camión")
    assert title.words == ("operación", "camión")
    assert len(title.stems) == len(title.words)


def test_each_language_has_its_own_stems_and_stopwords():
    assert normalise("Welding of structures", "en").words == ("welding", "structures")
    assert normalise("Manutenção das máquinas", "pt").words == ("manutenção", "máquinas")
    assert normalise("Soudage des structures", "fr-FR").words == ("soudage", "structures")
    assert normalise("Something", "xx").stems == ("something",)


def test_terms_of_one_group_become_one_concept():
    synonyms = Synonyms.from_groups(
        [["tronadura", "voladura de barrenos"], ["camión fuera de carretera", "caex"]]
    )
    here = normalise("Tronadura en rajo", synonyms=synonyms)
    there = normalise("Voladura de barrenos en rajo", synonyms=synonyms)
    assert here.stems == there.stems
    assert there.words[0] == "voladura barrenos"
    assert there.plain != here.plain
    truck = normalise("Operación de camión fuera de carretera", synonyms=synonyms)
    assert truck.stems[1] == normalise("caex", synonyms=synonyms).stems[0]


def test_groups_that_share_a_term_are_one():
    synonyms = Synonyms.from_groups([["gasfíter", "plomero"], ["plomero", "fontanero"]])
    concepts = {normalise(word, synonyms=synonyms).stems for word in ("gasfíter", "plomero", "fontanero")}
    assert len(concepts) == 1
    assert normalise("gasfíter", synonyms=NO_SYNONYMS).stems != normalise("fontanero").stems
