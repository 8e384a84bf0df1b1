"""Two people changed the same text: what is merged, and what collides."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rqf.rules.merging import Change, Collision, merge, settle


def unit(uuid, title, *outcomes, **more):
    return {
        "uuid": uuid,
        "title": title,
        "hours": "",
        "outcomes": [{"text": one} for one in outcomes],
        **more,
    }


BASE = {
    "title": "Bombas", "source": "Ley 1", "change_note": "",
    "units": [unit("a", "Operar", "Opera la bomba.", "Mide la presión."), unit("b", "Limpiar", "Limpia.")],
}  # fmt: skip


def changed(**changes):
    return {**BASE, **changes}


def test_what_only_one_changed_is_merged():
    found = merge(BASE, changed(title="Bombas de agua"), changed(source="Ley 2"), {})
    assert (found.merged["title"], found.merged["source"]) == ("Bombas de agua", "Ley 2")
    assert found.collisions == []
    assert found.theirs == [Change("title", "Bombas", "Bombas de agua")]
    assert found.yours == [Change("source", "Ley 1", "Ley 2")]


def test_what_both_changed_collides_unless_they_wrote_the_same():
    found = merge(BASE, changed(title="A", source="S"), changed(title="B", source="S"), {})
    assert found.collisions == [Collision("title", "Bombas", "A", "B")]
    assert found.merged["source"] == "S"
    assert settle(found.merged, {"title": "A"})["title"] == "A"


def test_both_notes_are_kept():
    both = merge(BASE, changed(change_note="X"), changed(change_note="Y"), {}, frozenset({"change_note"}))
    assert (both.merged["change_note"], both.collisions) == ("X; Y", [])


def test_units_are_merged_also_when_the_other_copied_one_to_change_it():
    theirs = changed(
        units=[unit("a2", "Operar", "Opera y limpia la bomba.", "Mide la presión."), BASE["units"][1]]
    )
    yours = changed(units=[
        unit("", "Seguridad", "Usa casco."),
        unit("a", "Operar bombas", "Opera la bomba.", "Mide la presión de agua.", "Anota."), BASE["units"][1],
    ])  # fmt: skip
    found = merge(BASE, theirs, yours, {"a2": "a"})
    assert found.collisions == []
    assert [one["title"] for one in found.merged["units"]] == ["Seguridad", "Operar bombas", "Limpiar"]
    assert found.merged["units"][1]["uuid"] == "a2"
    texts = [one["text"] for one in found.merged["units"][1]["outcomes"]]
    assert texts == ["Opera y limpia la bomba.", "Mide la presión de agua.", "Anota."]


def test_what_one_removed_and_the_other_changed_is_asked():
    theirs = changed(units=[BASE["units"][0]])
    yours = changed(units=[BASE["units"][0], unit("b", "Limpiar a fondo", "Limpia.")])
    found = merge(BASE, theirs, yours, {})
    (collision,) = found.collisions
    assert (collision.place, collision.theirs) == ("units.1", None)
    assert len(settle(found.merged, {"units.1": None})["units"]) == 1
    assert settle(found.merged, {"units.1": collision.yours})["units"][1]["title"] == "Limpiar a fondo"
    gone = merge(BASE, theirs, BASE, {})
    assert (len(gone.merged["units"]), gone.collisions) == (1, [])
    assert gone.theirs == [Change("units", BASE["units"][1], None)]


def test_an_order_that_one_changed_is_kept():
    turned = changed(units=BASE["units"][::-1])
    for theirs, yours in ((turned, BASE), (BASE, turned), (turned, turned)):
        found = merge(BASE, theirs, yours, {})
        assert ([one["uuid"] for one in found.merged["units"]], found.collisions) == (["b", "a"], [])


def test_without_a_common_text_everything_that_differs_is_asked():
    found = merge({}, BASE, changed(title="Otro"), {})
    assert found.collisions == [Collision("title", None, "Bombas", "Otro")]
    assert len(found.merged["units"]) == 2


OUTCOMES = st.lists(
    st.sampled_from(["Mide.", "Opera la bomba.", "Limpia todo.", "Anota."]), max_size=4, unique=True
)
TEXTS = st.builds(
    lambda title, first, second: {"title": title, "units": [unit("a", first, *second), unit("b", "Limpiar")]},
    st.sampled_from("xyz"), st.sampled_from(["Operar", "Usar"]), OUTCOMES,
)  # fmt: skip


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)
def test_who_changed_nothing_leaves_the_other_one_text(base, other):
    for theirs, yours in ((other, base), (base, other)):
        found = merge(base, theirs, yours, {})
        assert (found.merged, found.collisions) == (other, [])
