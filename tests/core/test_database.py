"""Both databases find, sort and page Chinese alike: each is held to the same plain computation."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.db import connection

from tongban.core.database import BUCKET, AnyOf, Term, TextIndex, configuration
from tongban.core.labels import sort_key
from tongban.core.registry.models import Firm
from tongban.core.words import cut, holder_word, place_word, words_in

INDEX = TextIndex("cases_text")
NAMES = [
    "张记",
    "安达",
    "平湖新材",
    "平湖",
    "Alpha",
    "alpha",
    "１号",
    "1号",
    "嘉 兴",
    "嘉兴",
    "䶮厂",
    "😀",
    "乍浦",
    "_下划",
]


def rows(count: int) -> dict[int, list[str]]:
    chance = random.Random(7)
    pool = ["路灯", "不亮", "积水", "贷款", "用工", "新埭", "café", "a1", "班车", "😀"]
    found = {}
    for n in range(1, count + 1):
        words = cut(" ".join(chance.sample(pool, 3)) + (" 罕见" if n % 97 == 0 else ""))
        found[n * (BUCKET // 50)] = [*words, holder_word(n % 5, "x")]
    return found


@pytest.mark.parametrize(
    ("words", "any_of"),
    [
        (["路灯"], []),
        (["路灯", "不亮"], []),
        (["罕见"], []),
        (["积水"], [holder_word(3, "x")]),
        (["积水"], [holder_word(3, "x"), holder_word(4, "x")]),
        (cut("CAFÉ"), []),
        (["没有"], []),
        (["路灯'); DROP TABLE"], []),
        (['"路灯" OR'], []),
        (["\\"], []),
    ],
)
def test_search_finds_exactly_the_newest_rows_that_hold_the_words(
    db: None, words: list[str], any_of: list[str]
) -> None:
    held = rows(400)
    INDEX.put_prepared(INDEX.prepared(k, w) for k, w in held.items())
    wanted = [k for k, w in held.items() if set(words) <= set(w) and (not any_of or set(any_of) & set(w))]
    wanted.sort(reverse=True)
    assert INDEX.newest(words, any_of=any_of, before=None, limit=1000) == wanted
    assert INDEX.newest(words, any_of=any_of, before=None, limit=7) == wanted[:7]
    if len(wanted) > 9:
        assert INDEX.newest(words, any_of=any_of, before=wanted[8], limit=5) == wanted[9:14]


def holds(row: set[str], term: Term) -> bool:
    return term in row if isinstance(term, str) else any(all(holds(row, t) for t in way) for way in term.ways)


@pytest.mark.parametrize(
    "terms",
    [
        [AnyOf((("路灯",), ("积水",)))],
        ["不亮", AnyOf((("路灯", "积水"), ("贷款",)))],
        [AnyOf((("路灯", AnyOf((("用工",), ("班车", "罕见")))), ("没有",)))],
        [AnyOf((("没有",),)), "路灯"],
        [AnyOf((("路灯",),)), AnyOf((("不亮",), ("a1",)))],
        [AnyOf((("路灯",), ("OR )",)))],
    ],
)
def test_one_of_several_ways_is_enough(db: None, terms: list[Term]) -> None:
    held = rows(400)
    INDEX.put_prepared(INDEX.prepared(k, w) for k, w in held.items())
    wanted = sorted((k for k, w in held.items() if all(holds(set(w), t) for t in terms)), reverse=True)
    if "OR )" in str(terms):
        wanted = []  # no cutting gives such a word: nothing is asked
    assert INDEX.newest(terms, before=None, limit=1000) == wanted
    only = [holder_word(2, "x")]
    assert INDEX.newest(terms, any_of=only, before=None, limit=9) == [k for k in wanted if only[0] in held[k]][:9]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("小区南门外的路灯不亮了", "路灯"),
        ("林埭镇的灯杆歪了", "灯杆"),
        ("新埭镇新港路夜班公交停运", "公交"),
        ("新埭镇新港路夜班公交停运", "新埭"),
        ("平湖市独山港镇", "平湖"),
    ],
)
def test_a_text_is_found_by_its_words_whatever_stands_around_them(text: str, typed: str) -> None:
    assert set(cut(typed)) <= set(words_in(text))


def test_no_typed_text_gives_a_word_of_the_index_itself() -> None:
    for word in (holder_word(3, "x"), place_word(3)):
        assert word not in words_in(f"路灯 {word}")


def test_a_replaced_row_is_found_by_its_new_words_alone(db: None) -> None:
    INDEX.put(5, ["旧词", "共有"])
    INDEX.replace(5, ["新词", "共有"])
    assert INDEX.newest(["旧词"], before=None, limit=9) == []
    assert INDEX.newest(["新词"], before=None, limit=9) == [5]
    assert INDEX.newest(["共有"], before=None, limit=9) == [5]


def test_names_sort_alike_and_as_a_chinese_reader_expects(county_area) -> None:  # type: ignore[no-untyped-def]
    for n, name in enumerate(NAMES):
        Firm.objects.create(
            name_zh=name, credit_code=f"{n:018d}", code=f"{n:010d}", area=county_area, valid_from="2020-01-01"
        )
    found = list(Firm.objects.order_by("sort", "id").values_list("name_zh", flat=True))
    assert found == sorted(NAMES, key=lambda n: (sort_key(n), NAMES.index(n)))
    assert found.index("安达") < found.index("嘉兴") < found.index("乍浦") < found.index("张记")
    pages, last = [], ""
    while page := list(Firm.objects.filter(sort__gt=last).order_by("sort").values_list("sort", flat=True)[:3]):
        pages += page
        last = page[-1]
    assert pages == sorted(sort_key(n) for n in NAMES)


@pytest.mark.sqlite
def test_sqlite_writes_through_to_the_disk_before_it_acknowledges(db: None) -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_what_stands_behind_the_address_of_postgresql_goes_to_its_driver(tmp_path: Path) -> None:
    plain = configuration(tmp_path, "postgresql://zhou:p%40ss@db.example:5433/county")
    assert (plain["USER"], plain["PASSWORD"], plain["HOST"], plain["PORT"]) == ("zhou", "p@ss", "db.example", 5433)
    secure = configuration(tmp_path, "postgresql://db.example/county?sslmode=verify-full&connect_timeout=3")
    assert secure["OPTIONS"] == plain["OPTIONS"] | {"sslmode": "verify-full", "connect_timeout": "3"}


@pytest.mark.postgresql
def test_no_time_is_spent_on_compiling_queries(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
