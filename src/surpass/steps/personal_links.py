"""Personal links to tasks: made, and withdrawn."""

from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.rating import Link, Queue
from surpass.people.links import link_for, new_secret, revoked
from surpass.store.tasks import TaskStore


def give_links(
    store: TaskStore, queue: Queue, people: tuple[str, ...], days: int
) -> dict[str, str]:
    """New links for these people, whose earlier ones no longer work; person -> secret."""
    moment = now()
    secrets = {person: new_secret() for person in people}
    links: tuple[Link, ...] = store.links()
    for person in people:
        links = revoked(links, person, now=moment)
    made = [
        link_for(secret, person, queue.id, now=moment, days=days)
        for person, secret in secrets.items()
    ]
    store.put_links((*links, *made))
    return secrets


def withdraw_links(store: TaskStore, queue: Queue, person: str) -> int:
    """Make a person's links useless from now on; returns how many there were.

    Raises:
        BadInput: nobody of that name has tasks.
    """
    if person not in queue.tasks:
        raise BadInput(
            f"There is no {person!r} here.", fix=f"Name one of {', '.join(queue.tasks)}."
        )
    links = store.links()
    store.put_links(revoked(links, person, now=now()))
    return sum(link.rater == person and link.revoked_at is None for link in links)
