"""Review rounds: what goes in, who gets what, and two placements that never meet before the third person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from rqf import people, registry, review
from rqf.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from rqf.models import Account, Assignment, AuditEntry, LevelMapping, RoundItem, RoundPlacement
from rqf.models.tables import now
from rqf.people import actor_of
from rqf.rules.terms import AssignmentStatus, ItemStatus, MappingStatus, MappingStep, Part, Role, RoundMode
from tests import factories

LEVELS = {"knowledge": 4, "skills": 4, "application": 5}
WHY = "The outcomes ask for autonomy."


@pytest.fixture
def secretariat(session):
    return factories.make_actor(session, Role.SECRETARIAT)


@pytest.fixture
def team(session):
    """Two reviewers of each of four countries."""
    return [factories.make_actor(session, Role.REVIEWER, country) for country in ("CL", "CO", "MX", "PE") * 2]


def a_round(session, secretariat, team, mode=RoundMode.DOUBLE, **overrides):
    fields = {
        "title": "Mining 2026", "mode": mode, "filters": {"sector": "mining"},
        "reviewers": [one.account.email for one in team],
        "deadline": now().date() + timedelta(days=30),
    }  # fmt: skip
    return review.create_round(session, secretariat, **{**fields, **overrides})


def items(session, made):
    return list(
        session.scalars(select(RoundItem).where(RoundItem.round_id == made.id).order_by(RoundItem.id))
    )


def by_country(team, *countries):
    return [next(one for one in team if country in one.countries()) for country in countries]


def put(session, actor, item, low=4, high=4, reason=WHY, **levels):
    return review.place(session, actor, item.uuid, low, high, {**LEVELS, **levels}, reason)


@pytest.fixture
def one(session, secretariat, team):
    """A round with double mapping of one Chilean qualification that nobody has been given."""
    factories.make_qualification(session)
    return items(session, a_round(session, secretariat, team))[0]


def test_a_preview_counts_what_a_round_would_hold_and_writes_nothing(session, secretariat, team):
    for country in ("CL", "CL", "PE"):
        factories.make_qualification(session, country=country)
    factories.make_qualification(session, sector_code=None)
    found = review.preview(session, secretariat, RoundMode.DOUBLE, {"sector": "mining"})
    assert (found.total, found.countries) == (3, {"CL": 2, "PE": 1})
    assert len(found.first) == 3
    assert session.scalars(select(RoundItem)).all() == []
    only = review.preview(session, secretariat, RoundMode.DOUBLE, {"sector": "mining", "country": "PE"})
    assert only.total == 1


def test_a_round_of_decisions_takes_only_what_waits(session, secretariat, team):
    officer = factories.make_account(session)
    waiting = factories.make_mapping(session, factories.make_qualification(session), officer)
    factories.make_qualification(session)
    (item,) = items(session, a_round(session, secretariat, team, RoundMode.SINGLE))
    assert item.mapping_id == waiting.id


def test_a_qualification_stands_in_one_unfinished_round_at_a_time(session, secretariat, team):
    factories.make_qualification(session)
    a_round(session, secretariat, team)
    with pytest.raises(Invalid, match="No qualification fits"):
        a_round(session, secretariat, team)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "  "}, "title"),
        ({"deadline": now().date() - timedelta(days=1)}, "has passed"),
        ({"reviewers": ["nobody@test.example"]}, "nobody@test.example is no active reviewer"),
        ({"reviewers": []}, "at least 3"),
        ({"filters": {"sector": "no such"}}, "No qualification fits"),
    ],
)
def test_a_wrong_round_is_refused_with_what_is_wrong(session, secretariat, team, wrong, said):
    factories.make_qualification(session)
    with pytest.raises(Invalid, match=said):
        a_round(session, secretariat, team, **wrong)


def test_only_the_secretariat_makes_and_deals_rounds(session, secretariat, team, one):
    for attempt in (
        lambda: a_round(session, team[0], team),
        lambda: review.deal_out(session, team[0], one.round.uuid),
        lambda: review.assign(session, team[0], one.uuid, team[1].account.email),
        lambda: review.progress(session, team[0], one.round.uuid),
        lambda: review.set_away(session, team[0], team[1].account.email, True),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_work_is_dealt_evenly_to_two_of_other_countries_each(session, secretariat, team):
    for n in range(24):
        factories.make_qualification(session, f"Registro {n}", country=("CL", "CO", "MX", "PE")[n % 4])
    made = a_round(session, secretariat, team)
    assert review.deal_out(session, secretariat, made.uuid) == 48
    loads = {}
    for item in items(session, made):
        holders = [session.get(Account, one.account_id) for one in item.assignments]
        countries = [actor_of(one).countries() for one in holders]
        assert item.version.country_code not in set().union(*countries)
        assert countries[0] != countries[1]
        for one in holders:
            loads[one.id] = loads.get(one.id, 0) + 1
    assert sum(loads.values()) == 48
    assert max(loads.values()) - min(loads.values()) <= 2
    assert review.deal_out(session, secretariat, made.uuid) == 0


def test_a_batch_leaves_the_rest_in_the_pool(session, secretariat, team):
    for n in range(12):
        factories.make_qualification(session, f"Registro {n}")
    made = a_round(session, secretariat, team)
    assert review.deal_out(session, secretariat, made.uuid, batch=2) == 12
    share = {one.account.id: one.open for one in review.progress(session, secretariat, made.uuid).shares}
    assert max(share.values()) == 2


def test_work_of_somebody_on_leave_goes_to_the_others(session, secretariat, team, one):
    review.deal_out(session, secretariat, one.round.uuid)
    (first, second) = [held.account for held in one.assignments]
    assert review.set_away(session, secretariat, first.email, True) == 1
    assert review.deal_out(session, secretariat, one.round.uuid) == 1
    session.expire_all()
    now_held = {held.account_id for held in one.assignments if held.status == AssignmentStatus.OPEN}
    assert first.id not in now_held
    assert second.id in now_held
    assert len(now_held) == 2


def test_work_of_a_disabled_account_is_free_at_once(session, secretariat, team, one):
    review.deal_out(session, secretariat, one.round.uuid)
    gone = one.assignments[0].account
    people.disable_account(session, secretariat, gone.email)
    session.expire_all()
    others = [who for who in by_country(team, "CO", "MX", "PE") if who.id not in
              {held.account_id for held in one.assignments}]  # fmt: skip
    assert [task.item.id for task in review.tasks(session, others[0])] == [one.id]
    put(session, others[0], one)


def test_work_is_given_and_handed_over_by_hand(session, secretariat, team, one):
    peru, mexico, colombia = by_country(team, "PE", "MX", "CO")
    review.assign(session, secretariat, one.uuid, peru.account.email)
    review.assign(session, secretariat, one.uuid, mexico.account.email)
    with pytest.raises(WrongState, match="Enough reviewers"):
        review.assign(session, secretariat, one.uuid, colombia.account.email)
    review.assign(session, secretariat, one.uuid, colombia.account.email, instead_of=peru.account.email)
    assert review.tasks(session, peru) == []
    assert [task.assigned for task in review.tasks(session, colombia)] == [True]
    with pytest.raises(NotAllowed, match="Others have"):
        put(session, peru, one)


def test_nobody_is_given_their_own_countrys_qualification(session, secretariat, team, one):
    (chile,) = by_country(team, "CL")
    with pytest.raises(NotAllowed, match="own country"):
        review.assign(session, secretariat, one.uuid, chile.account.email)
    with pytest.raises(NotAllowed, match="own country"):
        put(session, chile, one)
    assert review.tasks(session, chile) == []


def test_who_wrote_the_record_never_places_it_wherever_they_review_now(session, secretariat, team):
    peru = by_country(team, "PE")[0]
    factories.make_qualification(session, author=peru.account)
    (item,) = items(session, a_round(session, secretariat, team))
    with pytest.raises(NotAllowed, match="yourself"):
        put(session, peru, item)
    review.deal_out(session, secretariat, item.round.uuid)
    assert peru.id not in {one.account_id for one in item.assignments}


def test_two_place_apart_and_a_third_reconciles(session, secretariat, team, one):
    peru, mexico = by_country(team, "PE", "MX")
    put(session, peru, one, 4, 4)
    assert one.status == ItemStatus.PLACING
    put(session, mexico, one, 5, 6, skills=6)
    assert one.status == ItemStatus.RECONCILING
    (third,) = [held for held in one.assignments if held.part == Part.RECONCILIATION]
    assert third.account_id not in {peru.id, mexico.id}
    for who in (peru, mexico):
        with pytest.raises(NotAllowed, match="third person"):
            put(session, who, one)
    who = next(one for one in team if one.id == third.account_id)
    found = review.placing_case(session, who, one.uuid)
    assert [(placed.low, placed.high) for placed in found.placements] == [(4, 4), (5, 6)]
    assert not found.agreed
    put(session, who, one, 5, 5)
    assert one.status == ItemStatus.DONE
    assert review.progress(session, secretariat, one.round.uuid).percent == 100
    kept = review.round_placements(session, one.round.uuid)
    assert [placed.part for placed in kept] == [Part.PLACEMENT, Part.PLACEMENT, Part.RECONCILIATION]


def test_what_two_placed_apart_counts_as_agreement_in_their_round(session, team, one):
    peru, mexico = by_country(team, "PE", "MX")
    put(session, peru, one, 4, 4)
    assert list(review.ratings(session)) == []
    put(session, mexico, one, 5, 6)
    rows = [(row.rater, row.level, row.country, row.round) for row in review.ratings(session)]
    assert rows == [(peru.id, 4.0, "CL", "Mining 2026"), (mexico.id, 5.5, "CL", "Mining 2026")]
    assert [found.name for found in review.measure_agreement(session, peru).rounds] == ["Mining 2026"]


def test_nobody_sees_the_other_placement_before_it_is_reconciled(session, secretariat, team, one):
    peru, mexico = by_country(team, "PE", "MX")
    put(session, peru, one, 3, 5, "A reason that only one may read.", skills=3)
    before = review.placing_case(session, mexico, one.uuid)
    assert (before.placements, before.own, before.advice.levels) == ((), None, ())
    put(session, mexico, one)
    after = review.placing_case(session, mexico, one.uuid)
    assert after.placements == ()
    assert after.own.account_id == mexico.id
    assert review.round_placements(session, one.round.uuid) == []
    trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "round.place")).all()
    assert len(trail) == 2
    assert all(entry.details["after"] is None and entry.reason is None for entry in trail)


def test_a_placement_is_made_once(session, secretariat, team, one):
    (peru,) = by_country(team, "PE")
    put(session, peru, one)
    with pytest.raises(WrongState, match="already"):
        put(session, peru, one, 6, 6)
    assert session.scalars(select(RoundPlacement)).one().low == 4


def test_who_reconciles_second_is_told_who_was_first(session, secretariat, team, one):
    peru, mexico = by_country(team, "PE", "MX")
    put(session, peru, one)
    put(session, mexico, one)
    third = next(held.account_id for held in one.assignments if held.part == Part.RECONCILIATION)
    who = next(one for one in team if one.id == third)
    put(session, who, one)
    late = next(
        one for one in team if one.id not in {peru.id, mexico.id, third} and "CL" not in one.countries()
    )
    with pytest.raises(Changed, match=who.account.name):
        put(session, late, one)


@pytest.mark.parametrize(
    ("low", "high", "levels", "reason", "said"),
    [
        (9, 9, {}, WHY, "9 is not a regional level"),
        (5, 4, {}, WHY, "is below the lowest"),
        (1, 8, {}, WHY, "too wide"),
        (4, 4, {"skills": 12}, WHY, "12 is not"),
        (4, 4, {"magic": 4}, WHY, "each domain"),
        (4, 4, {}, "ok", "at least"),
    ],
)
def test_a_wrong_placement_is_refused_with_what_is_wrong(session, team, one, low, high, levels, reason, said):
    (peru,) = by_country(team, "PE")
    with pytest.raises(Invalid, match=said):
        put(session, peru, one, low, high, reason, **levels)
    assert session.scalars(select(RoundPlacement)).all() == []


def test_a_round_is_not_there_for_who_takes_no_part(session, team, one):
    stranger = factories.make_actor(session, Role.REVIEWER, "PE")
    with pytest.raises(NotFound):
        review.placing_case(session, stranger, one.uuid)
    with pytest.raises(NotAllowed, match="take part"):
        put(session, stranger, one)


def test_a_decision_ends_the_work_in_its_round(session, secretariat, team):
    officer = factories.make_account(session)
    mapping = factories.make_mapping(session, factories.make_qualification(session), officer)
    made = a_round(session, secretariat, team, RoundMode.SINGLE)
    review.deal_out(session, secretariat, made.uuid)
    holder = next(one for one in team if one.id == session.scalars(select(Assignment)).one().account_id)
    (task,) = review.tasks(session, holder)
    assert task.part == Part.DECISION
    review.decide(session, holder, mapping.uuid, MappingStep.ENDORSE, WHY, mapping.revision)
    assert review.tasks(session, holder) == []
    assert review.progress(session, secretariat, made.uuid).percent == 100


def test_what_helps_most_comes_first_and_the_place_is_stored(session):
    officer = actor_of(factories.make_account(session))
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    for country in ("CO", "MX"):
        factories.make_qualification(session, country=country, isco_08="7233")
    lone = factories.make_qualification(session, "Sin seguidores", sector_code=None)
    led = factories.make_qualification(session, "Con seguidores", isco_08="7233")
    for version in (lone, led):
        mapping = registry.propose(session, officer, version.qualification.uuid, 4, 4, WHY, {})
        registry.submit(session, officer, mapping.uuid)
    entries = review.queue(session, reviewer).items
    assert [one.version.title for one in entries] == ["Con seguidores", "Sin seguidores"]
    assert entries[0].place.followers == 2


def test_a_question_stops_the_clock_and_an_answer_restarts_it(session):
    officer = actor_of(factories.make_account(session))
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    mapping = factories.make_mapping(
        session, factories.make_qualification(session), officer.account,
        submitted_at=now() - timedelta(days=3, hours=1),
    )  # fmt: skip
    review.decide(session, reviewer, mapping.uuid, MappingStep.RETURN, "Which norm is it?", mapping.revision)
    registry.submit(session, officer, mapping.uuid)
    # The days with the officer would have shown here; the three with the reviewers stay.
    assert review.queue(session, reviewer).items[0].age == 3
    session.get(LevelMapping, mapping.id).submitted_at = now() - timedelta(days=2, hours=1)
    session.flush()
    assert review.queue(session, reviewer).items[0].age == 5


@pytest.fixture
def rejected(session):
    officer = actor_of(factories.make_account(session))
    reviewer = factories.make_actor(session, Role.REVIEWER, "PE")
    mapping = factories.make_mapping(session, factories.make_qualification(session), officer.account)
    review.decide(session, reviewer, mapping.uuid, MappingStep.REJECT, "Reads like 3.", mapping.revision)
    return officer, reviewer, mapping


def test_an_appeal_is_a_new_proposal_that_somebody_else_decides(session, rejected):
    officer, reviewer, old = rejected
    new = registry.appeal(session, officer, old.uuid, "The decision overlooked the second unit.")
    assert (old.status, new.status) == (MappingStatus.REJECTED, MappingStatus.DRAFT)
    registry.submit(session, officer, new.uuid)
    assert "own decision" in str(review.case(session, reviewer, new.uuid).refusal)
    with pytest.raises(NotAllowed, match="own decision"):
        review.decide(session, reviewer, new.uuid, MappingStep.REJECT, WHY, new.revision)
    other = factories.make_actor(session, Role.REVIEWER, "PE")
    review.decide(session, other, new.uuid, MappingStep.ENDORSE, WHY, new.revision)
    assert (old.status, new.status) == (MappingStatus.REJECTED, MappingStatus.ENDORSED)


def test_an_appeal_needs_a_reason_a_rejection_and_comes_once(session, rejected):
    officer, _, old = rejected
    with pytest.raises(Invalid, match="overlooked"):
        registry.appeal(session, officer, old.uuid, " ")
    new = registry.appeal(session, officer, old.uuid, "The decision overlooked a unit.")
    with pytest.raises(WrongState, match="already"):
        registry.appeal(session, officer, old.uuid, "Again the same.")
    with pytest.raises(WrongState, match="cannot be appealed"):
        registry.appeal(session, officer, new.uuid, "Not decided yet.")
