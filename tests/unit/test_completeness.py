"""How complete a record is."""

from rqf.rules.completeness import WEIGHTS, Fact, assess


def test_a_record_that_states_everything_is_complete():
    assert assess(set(Fact)).percent == 100
    assert assess(set(Fact)).missing == ()


def test_a_record_that_states_nothing_lacks_everything():
    assert assess(set()).percent == 0
    assert set(assess(set()).missing) == set(Fact)


def test_every_fact_has_a_weight_and_they_add_up_to_a_hundred():
    assert set(WEIGHTS) == set(Fact)
    assert sum(WEIGHTS.values()) == 100


def test_what_weighs_most_is_named_first_among_the_missing():
    assert assess({Fact.SOURCE}).missing[:2] == (Fact.OUTCOMES, Fact.LEVEL)


def test_each_fact_adds_to_the_percentage():
    for fact in Fact:
        assert assess({fact}).percent == WEIGHTS[fact]
