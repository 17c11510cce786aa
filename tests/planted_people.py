"""Personal data of nobody, in the ways people write it, and what only looks like it."""

import ipaddress
import string

_NAMES = ("jane.doe", "bob", "maria_lopez", "t.nguyen", "anna-k", "support.desk", "olu.ade+news")
_HOSTS = ("example.org", "mail.example.co.uk", "example-shop.com", "uni.example.de")
_DIGITS = string.digits


def digits(count, draw):
    return "".join(draw.choices(_DIGITS, k=count))


def email(draw):
    return f"{draw.choice(_NAMES)}{draw.randrange(100)}@{draw.choice(_HOSTS)}"


def phone(draw):
    exchange = f"{draw.randint(2, 9)}{draw.randint(0, 9)}{draw.randint(2, 9)}"
    ways = (
        f"+44 20 {digits(4, draw)} {digits(4, draw)}",
        f"+49 170 {digits(7, draw)}",
        f"+1-{draw.randint(201, 989)}-{exchange}-{digits(4, draw)}",
        f"+33 6 {digits(2, draw)} {digits(2, draw)} {digits(2, draw)} {digits(2, draw)}",
        f"({draw.randint(201, 989)}) {exchange}-{digits(4, draw)}",
        f"{draw.randint(201, 989)}-{exchange}-{digits(4, draw)}",
        f"020 7{digits(3, draw)} {digits(4, draw)}",
        f"0{draw.randint(30, 99)}1/{digits(7, draw)}",
        f"0044{draw.randint(10, 99)}{digits(8, draw)}",
    )
    return draw.choice(ways)


def card(draw, *, valid=True):
    """16 digits of Visa or Mastercard, or 15 of American Express, with its check digit."""
    first = draw.choice(["4" + digits(14, draw), "5" + draw.choice("12345") + digits(13, draw),
                         draw.choice(["34", "37"]) + digits(12, draw)])  # fmt: skip
    check = (10 - _luhn(first + "0") % 10) % 10
    number = first + str(check if valid else (check + draw.randint(1, 9)) % 10)
    gap = draw.choice(["", " ", "-"])
    if len(number) == 15:
        return gap.join([number[:4], number[4:10], number[10:]])
    return gap.join(number[at : at + 4] for at in range(0, 16, 4))


def _luhn(number):
    turned = [int(one) for one in reversed(number)]
    return sum(turned[::2]) + sum(sum(divmod(2 * one, 10)) for one in turned[1::2])


def iban(draw):
    """German, British, Dutch or French, with its check digits."""
    letters = "".join(draw.choices(string.ascii_uppercase, k=4))
    country, rest = draw.choice(
        [("DE", digits(18, draw)), ("GB", letters + digits(14, draw)),
         ("NL", letters + digits(10, draw)), ("FR", digits(23, draw))]
    )  # fmt: skip
    value = int("".join(str(int(one, 36)) for one in f"{rest}{country}00"))
    number = f"{country}{98 - value % 97:02d}{rest}"
    gap = draw.choice(["", " "])
    return gap.join(number[at : at + 4] for at in range(0, len(number), 4))


def ip(draw):
    if draw.random() < 0.7:
        return ".".join(str(draw.randint(1, 254)) for _ in range(4))
    parts = [0x2001, 0xDB8, *(draw.randrange(1 << 16) for _ in range(6))]
    return str(ipaddress.IPv6Address(sum(one << (112 - 16 * at) for at, one in enumerate(parts))))


KINDS = {"email": email, "phone": phone, "card": card, "iban": iban, "ip": ip}


def decoy(draw):
    """Numbers and words that are nobody's."""
    ways = (
        f"order {draw.randint(1, 9)}{digits(9, draw)}",
        f"on 20{draw.randint(10, 29)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
        f"at {draw.randint(0, 23):02d}:{draw.randint(0, 59):02d}:{draw.randint(0, 59):02d}",
        f"v{draw.randint(1, 9)}.{draw.randint(0, 99)}.{draw.randint(0, 99)}",
        f"{draw.randint(1, 9)},{digits(3, draw)},{digits(3, draw)}.{digits(2, draw)}",
        f"card {card(draw, valid=False)}",
        f"commit {draw.randrange(1 << 48):012x}",
        f"ISBN 978-{digits(1, draw)}-{digits(4, draw)}-{digits(4, draw)}-{digits(1, draw)}",
        f"@user{draw.randrange(100)}",
        f"std::map::at{draw.randrange(9)}",
        f"{draw.randint(1, 89)}.{digits(5, draw)}, {draw.randint(1, 89)}.{digits(5, draw)}",
        f"price {draw.randint(10, 99)}.{digits(2, draw)} x {draw.randint(2, 9)}",
    )
    return draw.choice(ways)


def put_into(text, value, draw):
    """The text with the value between two of its words."""
    words = text.split()
    at = draw.randint(0, len(words))
    return " ".join([*words[:at], value, *words[at:]])
