"""The generated persons as the ones who act, with their posts."""

from functools import cache

from gis.accounts.model import Actor, Role, scope_of
from gis.demo.people import People


class Cast:
    """Actors by the id of their person."""

    def __init__(self, people: People) -> None:
        self.people = people
        persons = people.persons.set_index("id")
        self._persons = persons[["login", "name", "department_id"]].to_dict("index")
        posts = people.posts.drop_duplicates("person_id").set_index("person_id")
        self._posts = posts[["role", "area_code"]].to_dict("index")
        self.actor = cache(self._actor)

    def guest(self, role: Role) -> Actor:
        """Whom a newcomer becomes."""
        return self.actor(self.people.guests[role])

    def handler_of(self, department_id: int) -> Actor:
        """Somebody of a department; the guest where it is the guest's own."""
        staff = self.people.handlers[department_id]
        guest = self.people.guests[Role.HANDLER]
        return self.actor(guest if guest in staff else staff[0])

    def _actor(self, person_id: int) -> Actor:
        person, post = self._persons[person_id], self._posts[person_id]
        role, department = Role(post["role"]), int(person["department_id"])
        return Actor(
            person_id=person_id,
            name=str(person["name"]),
            login=str(person["login"]),
            department_id=department,
            roles=frozenset({role}),
            scope=scope_of([str(post["area_code"])], department if role is Role.HANDLER else None),
            demo=True,
        )
