"""Every fact says what it is, and is null, false or 0, or a value as the contract's three states of a fact demand."""

from features.contract import TABLES
from features.facts import FACTS
from features.vocabulary import EVIDENCE_KINDS, PARTIES


def test_every_fact_has_a_name_of_its_own_a_sentence_and_a_unit() -> None:
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    assert all(fact.name.isidentifier() and fact.name.islower() for fact in FACTS)
    assert [fact.name for fact in FACTS if not (fact.sentence[0].isupper() and fact.sentence.endswith("."))] == []
    assert [fact.name for fact in FACTS if not fact.unit or "{" in fact.sentence] == []


def test_every_fact_is_read_from_columns_of_the_contract_alone() -> None:
    known = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    assert [(fact.name, column) for fact in FACTS for column in fact.reads if column not in known] == []
    assert all(fact.reads for fact in FACTS)


def test_every_fact_names_parties_who_can_supply_it_and_kinds_of_evidence_that_exist() -> None:
    assert all(fact.supplied_by and set(fact.supplied_by) <= set(PARTIES) for fact in FACTS)
    assert all(set(fact.asks_for) <= set(EVIDENCE_KINDS) for fact in FACTS)


def test_only_a_word_has_a_closed_list_and_only_the_category_has_none() -> None:
    assert [fact.name for fact in FACTS if fact.type == "word" and not fact.values] == ["category"]
    assert all(fact.type == "word" for fact in FACTS if fact.values)
