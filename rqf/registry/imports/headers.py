"""What columns are called in the spreadsheets of ministries, in Spanish, English and Portuguese."""

from __future__ import annotations

import re

from rqf.registry.likeness import plain

#: field -> headers that mean it. Compared without case, accents and punctuation.
WORDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "uuid", "identificador"),
    "type": ("type", "tipo", "kind", "tipo de registro", "tipo de cualificacion", "tipo formacion"),
    "title": (
        "title", "titulo", "nombre", "denominacion", "name", "nome", "cualificacion", "qualification",
        "nombre de la cualificacion", "nombre del programa", "programa", "perfil", "nombre del perfil",
        "denominacion del programa", "qualificacao", "nome do curso", "estandar", "prf denominacion",
        "nombre del estandar", "titulo de la norma", "nombre carrera",
    ),
    "title_language": ("title language", "idioma", "lengua", "language", "lingua"),
    "title_en": ("title en", "english title", "titulo en ingles", "title in english", "titulo em ingles"),
    "title_pt": ("title pt", "titulo en portugues", "titulo em portugues"),
    "title_fr": ("title fr", "titulo en frances", "french title"),
    "code_system": ("code system", "sistema de codigos", "sistema de codigo", "sistema"),
    "code": ("code", "codigo", "clave", "cod", "codigo nacional", "codigo del programa", "codigo programa",
             "codigo de la norma", "codigo estandar", "national code", "prf codigo", "codigo perfil"),
    "framework": ("framework", "marco", "marco nacional", "marco de cualificaciones", "quadro"),
    "level": ("level", "nivel", "national level", "nivel nacional", "nivel de cualificacion", "nivel mnc",
              "nivel cine", "nivel del estandar"),
    "level_note": ("level note", "nota de nivel", "nivel de formacion", "nivel formacion"),
    "volume": ("volume", "volumen", "hours", "horas", "duracion", "duracion horas", "total horas",
               "carga horaria", "duration", "duracion maxima", "prf duracion maxima"),
    "volume_unit": ("volume unit", "unidad", "unidad de volumen", "unidad de duracion"),
    "volume_note": ("volume note", "nota de volumen", "nota de duracion"),
    "credits": ("credits", "creditos", "numero de creditos"),
    "credit_scheme": ("credit scheme", "sistema de creditos", "esquema de creditos"),
    "awarding_body": (
        "awarding body", "organismo otorgante", "institucion", "entidad", "entidad certificadora", "comite",
        "organismo", "instituicao", "institution", "comite de gestion por competencias", "oscl",
    ),
    "sector": ("sector", "sector productivo", "area", "rubro", "setor", "familia profesional"),
    "isced_f": ("isced f", "isced", "cine f", "cine", "campo de educacion", "campo detallado"),
    "isco_08": ("isco 08", "isco", "ciuo", "ciuo 08", "ocupacion", "codigo ciuo"),
    "entry_requirements": ("entry requirements", "requisitos", "requisitos de ingreso"),
    "entitlements": ("entitlements", "derechos", "acceso a", "habilitaciones"),
    "legal_act": ("legal act", "resolucion", "decreto", "acto legal", "norma legal", "base legal"),
    "source": ("source", "fuente", "fonte", "origen"),
    "valid_from": ("valid from", "vigente desde", "fecha de inicio", "fecha de publicacion",
                   "inicio de vigencia", "fecha de aprobacion"),
    "valid_to": ("valid to", "vigente hasta", "fecha de fin", "fin de vigencia", "fecha de vencimiento"),
    "last_enrolment": ("last enrolment", "ultima matricula", "ultima inscripcion"),
    "last_award": ("last award", "ultima titulacion", "ultima certificacion"),
    "unit_code_system": ("unit code system", "sistema de codigos de la unidad"),
    "unit_code": (
        "unit code", "codigo de la unidad", "codigo de unidad", "codigo modulo", "codigo del modulo",
        "module code", "codigo uc", "codigo da unidade",
    ),
    "unit_title": (
        "unit title", "unidad de competencia", "nombre de la unidad", "titulo de la unidad", "modulo",
        "nombre del modulo", "module title", "module", "unidade de competencia",
    ),
    "unit_hours": ("unit hours", "horas de la unidad", "horas del modulo", "horas modulo", "module hours"),
    "unit_mandatory": ("unit mandatory", "unidad obligatoria", "obligatoria", "obligatorio"),
    "unit_source": ("unit source", "fuente de la unidad"),
    "outcome_number": ("outcome number", "outcome code", "numero del resultado", "codigo del resultado"),
    "outcome_domain": ("outcome domain", "dominio", "dominio del resultado"),
    "outcome": (
        "outcome", "learning outcome", "resultado de aprendizaje", "resultado", "aprendizaje esperado",
        "resultado de aprendizagem",
    ),
    "replaces": ("replaces", "reemplaza", "sustituye", "reemplaza a", "sustituye a", "substitui"),
}  # fmt: skip


def words_of(header: str) -> str:
    """Return a header in comparable form."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", plain(header)).split())


#: header in comparable form -> field
FIELD_OF = {words: name for name, known in WORDS.items() for words in known}
