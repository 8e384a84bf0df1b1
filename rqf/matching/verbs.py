"""The verbs of learning outcomes: families that mean much the same, and the level they tend to speak of."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rqf.matching.text import fold, stem


class Family(NamedTuple):
    """Verbs of one meaning: ``tier`` is the level, of eight, at which they are usual."""

    name: str
    tier: float
    es: str
    en: str
    pt: str = ""


#: Spoken from the simplest to the most complex, after the verbs that frameworks of eight levels share.
#: The third person is added where its stem differs from the infinitive's.
FAMILIES: tuple[Family, ...] = (
    Family(
        "recognise",
        1.5,
        "reconocer reconoce identificar nombrar distinguir distingue recordar recuerda señalar",
        "recognise recognize identify name distinguish remember recall",
        "reconhecer identificar nomear distinguir",
    ),
    Family(
        "follow",
        1.2,
        "seguir sigue imitar participar ayudar colaborar apoyar asistir cooperar acompañar atender atiende",
        "follow imitate assist help support cooperate attend",
        "seguir segue ajudar apoiar participar",
    ),
    Family(
        "clean",
        1.3,
        "limpiar ordenar asear lavar despejar retirar rezagar",
        "clean tidy wash clear remove",
        "limpar arrumar",
    ),
    Family(
        "describe",
        2.2,
        "describir enumerar listar conocer comprender",
        "describe list know understand",
        "descrever listar conhecer",
    ),
    Family(
        "execute",
        2.2,
        "ejecutar realizar efectuar hacer hace cumplir practicar",
        "execute perform carry do make complete",
        "executar realizar efetuar fazer cumprir",
    ),
    Family(
        "prepare",
        2.2,
        "preparar alistar acondicionar disponer dispone habilitar proveer",
        "prepare ready arrange supply",
        "preparar dispor",
    ),
    Family(
        "operate",
        2.6,
        "operar manejar conducir conduce arrancar accionar manipular maniobrar utilizar usar emplear",
        "operate handle drive run use manoeuvre",
        "operar manejar conduzir utilizar usar",
    ),
    Family(
        "load",
        2.2,
        "cargar transportar trasladar acarrear descargar izar transferir transfiere",
        "load transport haul carry move lift unload transfer",
        "carregar transportar descarregar",
    ),
    Family(
        "report",
        2.4,
        "avisar informar reportar comunicar notificar anotar registrar documentar llenar entregar",
        "report inform communicate notify record document note tell",
        "avisar informar relatar registrar",
    ),
    Family(
        "check",
        3.0,
        "revisar verificar comprobar comprueba inspeccionar chequear examinar monitorear monitorizar vigilar",
        "check verify inspect examine monitor review watch",
        "revisar verificar inspecionar conferir monitorar",
    ),
    Family(
        "install",
        2.9,
        "instalar montar ensamblar conectar armar colocar fijar tender tiende unir soldar suelda",
        "install mount assemble connect fit fix lay join weld",
        "instalar montar conectar soldar",
    ),
    Family(
        "dismantle",
        2.9,
        "desmontar desarmar desconectar desenergizar bloquear",
        "dismantle disassemble disconnect deenergise lock",
        "desmontar desconectar",
    ),
    Family(
        "drill",
        2.6,
        "perforar barrenar taladrar",
        "drill bore",
        "perfurar furar",
    ),
    Family(
        "blast",
        3.0,
        "tronar truena volar vuela detonar disparar",
        "blast fire detonate",
        "detonar",
    ),
    Family(
        "maintain",
        3.2,
        "mantener mantiene conservar lubricar engrasar reponer repone reemplazar cambiar sustituir",
        "maintain service lubricate grease replace change",
        "manter conservar lubrificar substituir trocar",
    ),
    Family(
        "measure",
        3.0,
        "medir mide muestrear tomar pesar",
        "measure sample take weigh",
        "medir mede amostrar",
    ),
    Family(
        "adjust",
        3.3,
        "ajustar regular configurar parametrizar alinear dosificar",
        "adjust set configure regulate",
        "ajustar regular",
    ),
    Family(
        "machine",
        2.8,
        "cortar mecanizar tornear fresar pulir maquinar",
        "cut machine turn mill polish",
        "cortar usinar tornear fresar",
    ),
    Family(
        "draft",
        3.8,
        "elaborar redactar dibujar trazar confeccionar",
        "draft write draw compile",
        "elaborar redigir desenhar",
    ),
    Family(
        "explain",
        3.2,
        "explicar exponer ilustrar relacionar",
        "explain illustrate relate",
        "explicar relacionar",
    ),
    Family(
        "interpret",
        3.3,
        "interpretar leer lee traducir",
        "interpret read translate",
        "interpretar ler",
    ),
    Family(
        "select",
        3.4,
        "seleccionar elegir elige escoger comparar clasificar",
        "select choose compare classify",
        "selecionar escolher comparar classificar",
    ),
    Family(
        "apply",
        3.0,
        "aplicar implementar",
        "apply implement",
        "aplicar implementar",
    ),
    Family(
        "organise",
        3.6,
        "organizar adaptar administrar",
        "organise organize adapt administer",
        "organizar adaptar",
    ),
    Family(
        "repair",
        3.8,
        "reparar corregir corrige restablecer recuperar",
        "repair correct restore",
        "reparar corrigir",
    ),
    Family(
        "control",
        3.7,
        "controlar asegurar garantizar resguardar prevenir previene",
        "control ensure assure",
        "controlar garantir",
    ),
    Family(
        "locate",
        4.0,
        "localizar detectar determinar ubicar",
        "locate detect determine",
        "localizar detectar",
    ),
    Family(
        "calibrate",
        4.1,
        "calibrar probar prueba ensayar comisionar",
        "calibrate test commission",
        "calibrar testar",
    ),
    Family(
        "calculate",
        4.2,
        "calcular estimar cuantificar dimensionar",
        "calculate estimate size quantify",
        "calcular",
    ),
    Family(
        "justify",
        4.4,
        "fundamentar justificar argumentar sustentar",
        "justify argue substantiate",
        "fundamentar",
    ),
    Family(
        "propose",
        4.5,
        "proponer propone recomendar sugerir sugiere asesorar",
        "propose recommend suggest advise",
        "propor recomendar",
    ),
    Family(
        "coordinate",
        4.4,
        "coordinar orientar guiar instruir",
        "coordinate guide instruct",
        "coordenar orientar",
    ),
    Family("solve", 4.0, "resolver resuelve solucionar", "solve resolve troubleshoot", "resolver solucionar"),
    Family("analyse", 5.0, "analizar", "analyse analyze", "analisar"),
    Family("diagnose", 4.9, "diagnosticar", "diagnose", "diagnosticar"),
    Family(
        "plan",
        5.1,
        "planificar planear programar asignar presupuestar distribuir distribuye",
        "plan schedule assign allocate budget distribute",
        "planejar programar",
    ),
    Family(
        "supervise", 5.2, "supervisar inspirar fiscalizar", "supervise oversee", "supervisionar fiscalizar"
    ),
    Family("train", 4.8, "capacitar entrenar formar", "train coach teach", "capacitar treinar"),
    Family(
        "evaluate",
        5.3,
        "evaluar valorar auditar ponderar juzgar",
        "evaluate assess appraise audit weigh",
        "avaliar auditar",
    ),
    Family("manage", 5.5, "gestionar", "manage", "gerir gerenciar"),
    Family("optimise", 5.6, "optimizar mejorar", "optimise optimize improve", "otimizar melhorar"),
    Family(
        "design",
        5.8,
        "diseñar rediseñar proyectar modelar simular",
        "design model simulate",
        "projetar modelar simular",
    ),
    Family(
        "direct", 5.9, "dirigir dirige ordenar autorizar decidir", "direct order authorise decide", "dirigir"
    ),
    Family(
        "formulate",
        6.1,
        "formular integrar desarrollar",
        "formulate integrate develop",
        "formular desenvolver",
    ),
    Family(
        "research",
        7.0,
        "investigar validar sintetizar innovar cuestionar",
        "research validate synthesise innovate question",
        "pesquisar validar inovar",
    ),
    Family("lead", 6.8, "liderar encabezar transformar", "lead head transform", "liderar transformar"),
    Family(
        "create",
        7.7,
        "crear concebir redefinir teorizar reinterpretar",
        "conceive redefine theorise",
        "conceber",
    ),
)


@lru_cache(maxsize=8)
def _by_stem(language: str) -> dict[str, Family]:
    found: dict[str, Family] = {}
    for family in FAMILIES:
        words = {"es": family.es, "en": family.en, "pt": family.pt}.get(language, "")
        for word in fold(words).split():
            for form in (word, _third_person(word, language)):
                found.setdefault(stem(form, language), family)
    return found


def _third_person(verb: str, language: str) -> str:
    """Return the form that outcomes are written in; its stem may differ from the infinitive's."""
    if language == "en":
        return verb + "s"
    return verb[:-2] + {"ar": "a", "er": "e", "ir": "e"}.get(verb[-2:], verb[-2:])


def family_of(verb_stem: str, language: str) -> Family | None:
    """Return the family of a verb, told by its stem, or None."""
    return _by_stem(language).get(verb_stem)
