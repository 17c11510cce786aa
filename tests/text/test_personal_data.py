import polars as pl
import pytest

from surpass.text.personal_data import (
    END,
    KIND,
    ROW,
    START,
    find_personal_data,
    passes_luhn,
    passes_mod_97,
)


def found_in(text):
    return [
        (kind, text[start:end])
        for _, kind, start, end in find_personal_data(pl.Series([text])).iter_rows()
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("mail me: jane.doe+x@mail.example.co.uk.", "email", "jane.doe+x@mail.example.co.uk"),
        ("call +44 20 7946 0958 now", "phone", "+44 20 7946 0958"),
        ("call (555) 123-4567", "phone", "(555) 123-4567"),
        ("Tel. 0171/1234567", "phone", "0171/1234567"),
        ("au 06 12 34 56 78", "phone", "06 12 34 56 78"),
        ("card 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
        ("card 378282246310005", "card", "378282246310005"),
        ("give 4111 1111 1111 1111 6 stars", "card", "4111 1111 1111 1111"),
        ("4111111111111111 08:25:31", "card", "4111111111111111"),
        ("dial 00447856408371 25.2.2 now", "phone", "00447856408371"),
        ("to DE89 3704 0044 0532 0130 00, thanks", "iban", "DE89 3704 0044 0532 0130 00"),
        ("AT61 1904 3002 3457 3201 PLEASE", "iban", "AT61 1904 3002 3457 3201"),
        ("from 192.168.0.17 today", "ip", "192.168.0.17"),
        ("from 2001:db8::8a2e:370:7334", "ip", "2001:db8::8a2e:370:7334"),
        ("日本 jane@example.org", "email", "jane@example.org"),
    ],
)
def test_each_kind_is_found_with_its_place(text, kind, value):
    assert found_in(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890 of 2024-01-05 at 12:30:45",
        "card 4111 1111 1111 1112",
        "card 4366 0689 4351 2601, 3726 045242 60230",
        "version 300.1.1.1, v1.2.3.4",
        "0000 0000 0000 0000",
        "std::vector::iterator, a@b, 3.14159 26535 8979",
        "127.0.0.1 and ::",
        "",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert found_in(text) == []


def test_finds_come_by_row_and_place():
    texts = pl.Series(["none", None, "a@example.org, b@example.org", "+15551234567"])
    finds = find_personal_data(texts)
    assert finds[ROW].to_list() == [2, 2, 3]
    assert finds[KIND].to_list() == ["email", "email", "phone"]
    assert (finds[START] < finds[END]).all()


def test_checksums_catch_one_wrong_digit():
    assert passes_luhn("4111111111111111")
    assert not any(passes_luhn(f"411111111111111{digit}") for digit in "023456789")
    assert passes_mod_97("GB29NWBK60161331926819")
    assert not passes_mod_97("GB29NWBK60161331926818")
