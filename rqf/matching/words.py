"""Words that say little or mean something special in titles, as plain tables (folded: no accents)."""

from __future__ import annotations

#: The Snowball stemmer of each language; others are compared unstemmed. The first four are the registry's
#: own; the others serve partners that send titles of theirs.
STEMMERS = {
    "es": "spanish",
    "pt": "portuguese",
    "en": "english",
    "fr": "french",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "fi": "finnish",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "ro": "romanian",
    "sv": "swedish",
}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOPWORDS: dict[str, frozenset[str]] = {
    "es": _set(
        """
        a al ante antes bajo cada como con contra cual cuya cuyas cuyo cuyos de del desde e el ella
        ellos en entre es esta estas este estos etc ha hacia han hasta la las le les lo los mas
        me mediante mi muy ni no nos o para pero por que se segun ser si sin sobre son su sus
        tal tales tambien tanto toda todas todo todos tras u un una unas uno unos y ya
        """
    ),
    "pt": _set(
        """
        a ao aos as com como da das de do dos e em entre na nas no nos o os ou para pela pelas
        pelo pelos por que se sem seu seus sob sobre sua suas um uma umas uns
        """
    ),
    "en": _set(
        """
        a an and are as at be by for from in into is it its of on or other that the their this
        to under upon using via with within
        """
    ),
    "fr": _set(
        """
        a au aux avec ce ces d dans de des du elle en est et l la le les leur leurs ou par pour
        qu que qui s sa sans ses son sur un une
        """
    ),
    "ca": _set("a al als amb d de del dels els en i l la les o per que un una"),
    "cs": _set("a do i k na nebo o od po pro s se v ve z ze"),
    "da": _set("af en et for fra i med og om pa samt til ved"),
    "de": _set(
        """
        am an auf aus bei das der den des dem die ein eine einer eines fur im in mit oder sowie und
        vom von zu zum zur
        """
    ),
    "et": _set("ja ning voi"),
    "fi": _set("ja tai seka"),
    "hu": _set("a az es is vagy"),
    "it": _set(
        """
        a ai al alla alle con da dai dal dalla de degli dei del dell della delle di e ed gli i il in
        la le lo nei nel nell nella nelle o per su un una
        """
    ),
    "lt": _set("ir bei arba su"),
    "nl": _set("aan bij de den der door een en het in met naar of om op te tot van voor"),
    "no": _set("av en et for fra i med og om pa samt til ved"),
    "pl": _set("dla do i lub na oraz po przy w we z ze"),
    "ro": _set("a al ale cu de din in la pe pentru prin sau si"),
    "sv": _set("att av den det en ett for fran i inom med och om pa samt till vid"),
}

#: Phrases of the trade that tell no two titles apart. They go, unless nothing else would be left.
STOP_PHRASES: tuple[str, ...] = (
    "tecnico de nivel superior en",
    "tecnico de nivel medio en",
    "tecnico nivel superior en",
    "tecnico nivel medio en",
    "tecnico superior universitario en",
    "profesional tecnico",
    "tecnico profesional",
    "carrera tecnica en",
    "carrera profesional de",
    "certificado de competencia en",
    "certificado de competencia laboral en",
    "certificacion de competencias en",
    "programa de formacion en",
    "curso de formacion en",
    "cualificacion profesional de",
    "perfil ocupacional de",
    "estandar de competencia",
    "en general",
    "y similares",
    "y afines",
    "y asimilados",
    "entre otros",
    "entre otras",
    "no clasificados en otra parte",
    "no clasificadas en otra parte",
    "no clasificados bajo otros epigrafes",
    "no clasificadas bajo otros epigrafes",
    "ncop",
    "n c o p",
    "e outros",
    "em geral",
    "nao classificados em outra parte",
    "not elsewhere classified",
    "and related workers",
    "and similar",
    "non classes ailleurs",
)

ABBREVIATIONS: dict[str, str] = {
    "adm": "administracion",
    "admon": "administracion",
    "admin": "administracion",
    "asist": "asistente",
    "aux": "auxiliar",
    "coord": "coordinador",
    "elec": "electrico",
    "electr": "electrico",
    "espec": "especialista",
    "ing": "ingeniero",
    "inst": "instalacion",
    "maq": "maquinaria",
    "mant": "mantenimiento",
    "manto": "mantenimiento",
    "mantto": "mantenimiento",
    "mec": "mecanico",
    "mtto": "mantenimiento",
    "op": "operador",
    "prof": "profesional",
    "serv": "servicio",
    "superv": "supervisor",
    "tec": "tecnico",
}

#: Words after which a number, letter or grade says *which one*: "categoría 1" is not "categoría 2".
GUARD_WORDS: dict[str, str] = {
    "categoria": "categoria",
    "cat": "categoria",
    "category": "categoria",
    "categorie": "categoria",
    "clase": "clase",
    "classe": "clase",
    "class": "clase",
    "etapa": "etapa",
    "fase": "fase",
    "phase": "fase",
    "grado": "grado",
    "grade": "grado",
    "grau": "grado",
    "grupo": "grupo",
    "group": "grupo",
    "nivel": "nivel",
    "niv": "nivel",
    "level": "nivel",
    "niveau": "nivel",
    "serie": "serie",
    "tipo": "tipo",
    "type": "tipo",
}

#: Grades in words, guards only after a guard word ("nivel avanzado").
GRADES: dict[str, str] = {
    "basico": "basico",
    "basica": "basico",
    "basic": "basico",
    "inicial": "inicial",
    "elemental": "basico",
    "intermedio": "intermedio",
    "intermedia": "intermedio",
    "intermediate": "intermedio",
    "medio": "intermedio",
    "avanzado": "avanzado",
    "avanzada": "avanzado",
    "advanced": "avanzado",
    "avancado": "avanzado",
    "superior": "superior",
}

ROMAN: dict[str, str] = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
}

#: Roman numerals of one letter: numbers only after a guard word.
ROMAN_LETTERS: dict[str, str] = {"i": "1", "v": "5", "x": "10"}

#: Letters that are words in one of the languages: guards after a guard word, or as a capital at the end.
LETTER_WORDS = frozenset("aeouydlsqn")
