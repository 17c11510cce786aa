import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.data.infer import infer

COUNT = 60
TICKETS = pl.DataFrame(
    {
        "ticket_id": [f"t{i}" for i in range(COUNT)],
        "customer": [f"c{i % 30}" for i in range(COUNT)],
        "created_at": [f"2024-01-{i % 28 + 1:02d}" for i in range(COUNT)],
        "channel": ["mail", "phone", "web"] * 20,
        "body": [f"my parcel {i} is late and I am sad {i * 7}" for i in range(COUNT)],
        "intent": ["late", "lost"] * 30,
    }
)
RECORDS = pl.Series("facts", [f'{{"n":{i}}}' for i in range(COUNT)])
REPLIES = pl.Series("wrote", [f"sorry about {i}" for i in range(COUNT)])


def test_labels_are_chosen():
    found = infer(TICKETS, "f.csv", None, None)
    assert (found.kind, found.input, found.output) == ("classify", "body", "intent")
    assert (found.id, found.group, found.time) == ("ticket_id", "customer", "created_at")
    assert found.slices == ("channel",)
    assert any("2 distinct short values" in note for note in found.notes)


def test_records_are_extracted():
    found = infer(TICKETS.drop("intent").with_columns(RECORDS), "f.csv", None, None)
    assert (found.kind, found.input, found.output) == ("extract", "body", "facts")


def test_text_is_written():
    found = infer(TICKETS.select("ticket_id", "body").with_columns(REPLIES), "f.csv", None, None)
    assert (found.kind, found.input, found.output) == ("generate", "body", "wrote")


def test_named_columns_are_respected():
    found = infer(TICKETS, "f.csv", "body", "channel")
    assert (found.kind, found.output) == ("classify", "channel")
    assert "intent" in found.slices


def test_a_column_that_tells_the_answer_is_no_slice():
    told = TICKETS.with_columns(queue=pl.col("intent").str.to_uppercase())
    assert infer(told, "f.csv", None, None).slices == ("channel",)


def named(name, values):
    return infer(TICKETS.select("body", "intent", pl.Series(name, values)), "f.csv", None, None)


OWN = [f"x{number}" for number in range(COUNT)]


@pytest.mark.parametrize("name", ["id", "row_id", "uuid", "message_id", "ticketId", "Ticket ID"])
def test_a_name_of_the_row_without_repeats_is_its_id(name):
    assert named(name, OWN).id == name
    assert named(name, OWN[: COUNT // 2] * 2).id is None


@pytest.mark.parametrize(
    "name", ["customer_id", "userId", "userid", "Account ID", "author", "uid_user"]
)
def test_a_name_of_somebody_is_never_the_row_id(name):
    apart = named(name, OWN)
    assert (apart.id, apart.group, apart.possible_group) == (None, None, name)
    assert any(f"{name!r} may be a group" in note for note in apart.notes)
    shared = named(name, OWN[: COUNT // 2] * 2)
    assert (shared.id, shared.group, shared.possible_group) == (None, name, None)


def test_a_few_customers_are_groups_only_if_their_ids_say_so():
    four = [f"c{number % 4}" for number in range(COUNT)]
    assert named("customer_id", four).group == "customer_id"
    assert named("customer", four).group is None


def test_what_somebody_said_is_no_group():
    said = pl.DataFrame({"user_message": OWN, "reply": [f"no {x}" for x in OWN]})
    found = infer(said, "f.csv", None, None)
    assert (found.input, found.output, found.possible_group) == ("user_message", "reply", None)


def test_the_same_rows_give_the_same_guess():
    assert infer(TICKETS, "f.csv", None, None) == infer(TICKETS.clone(), "f.csv", None, None)


@pytest.mark.parametrize(
    ("frame", "names", "said"),
    [
        (TICKETS.select("body"), (None, None), "has one column (body)"),
        (TICKETS[:1], (None, None), "has 1 row"),
        (TICKETS.select("body", label=pl.lit("x")), (None, None), "one class"),
        (
            TICKETS.select("body", label=pl.lit(None, pl.String)),
            (None, "label"),
            "empty on every row",
        ),
        (TICKETS.select("ticket_id", "created_at"), (None, None), "looks like an answer"),
        (TICKETS, ("bdy", None), "no column 'bdy'"),
        (TICKETS, ("body", "body"), "as input and as output"),
        (TICKETS.select("body", late="intent"), (None, None), "looks like a row"),
    ],
)
def test_what_gives_no_task_is_said_in_one_sentence(frame, names, said):
    with pytest.raises(BadInput) as error:
        infer(frame, "f.csv", *names)
    assert said in str(error.value)


def test_a_flag_that_hardly_ever_is_set_is_not_taken_for_the_answer():
    frame = pl.DataFrame(
        {
            "text": [f"commit number {n} of them all" for n in range(200)],
            "kind": ["fix", "feat", "docs", "test"] * 50,
            "breaking": ["false"] * 199 + ["true"],
        }
    )
    assert infer(frame, "rows.csv", None, None).output == "kind"
