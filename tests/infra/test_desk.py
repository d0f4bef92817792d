import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.errors import NotFound
from chalicelib.usecases.presence import removing
from infra import desk, place
from infra.errors import OperatorError
from infra.local import seed
from infra.local.seed import QUEUE_FILE

AGENT: dict[str, Any] = {
    "email": "jo@example.com",
    "name": "Jo",
    "role": "agent",
    "queues": ["demo"],
    "capacity": 2,
}


class Desk:
    """The application's provisioning, as far as it is used here."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def queue_ids(self) -> list[str]:
        return ["demo", "sales"]

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.calls.append((name, *arguments))


class Cognito:
    """A user pool with at most one user."""

    def __init__(self) -> None:
        self.user: dict[str, Any] | None = None
        self.groups: set[str] = set()
        self.password: str | None = None
        self.calls: list[str] = []

    def admin_create_user(self, **arguments: Any) -> dict[str, Any]:
        if self.user is not None:
            raise ClientError({"Error": {"Code": "UsernameExistsException"}}, "AdminCreateUser")
        self.user = arguments
        sub = {"Name": "sub", "Value": "1234"}
        return {"User": {"Attributes": [*arguments["UserAttributes"], sub]}}

    def admin_get_user(self, **_: Any) -> dict[str, Any]:
        return {"UserAttributes": [{"Name": "sub", "Value": "1234"}]}

    def __getattr__(self, name: str) -> Any:
        return lambda **_: self.calls.append(name)

    def admin_set_user_password(self, **arguments: Any) -> None:
        self.password = arguments["Password"]

    def admin_add_user_to_group(self, **arguments: Any) -> None:
        self.groups.add(arguments["GroupName"])

    def admin_remove_user_from_group(self, **arguments: Any) -> None:
        self.groups.discard(arguments["GroupName"])


def as_any(recorder: Desk) -> Any:
    return recorder


def written(tmp_path: Path, **changes: Any) -> Path:
    settings = json.loads(QUEUE_FILE.read_text()) | changes
    file = tmp_path / "queue.json"
    file.write_text(json.dumps(settings))
    return file


def test_the_demo_queue_is_valid() -> None:
    queue, numbers = desk.read_queue(QUEUE_FILE)
    assert queue.id == seed.QUEUE
    assert numbers == [seed.NUMBER]
    assert queue.offer_lasts.total_seconds() == 20
    assert [field.variable for field in queue.form if field.required] == [
        "name",
        "email",
        "message",
    ]


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="offer_last"):
        desk.read_queue(written(tmp_path, offer_last=5))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("id", "sales team"),
        ("id", "größe"),
        ("offer_lasts", 0),
        ("offer_lasts", 901),
        ("refusal_holds", -1),
        ("wrap_up_lasts", -1),
        ("abandoned_after", 29),
        ("abandoned_after", 86_401),
        ("missed_offers", 0),
        ("missed_offers", 1.5),
        ("begins_ready", "perhaps"),
        ("starts_within", 59),
        ("starts_per_address", -1),
        ("not_ready_reasons", ["Break", "no_answer"]),
    ],
)
def test_a_value_out_of_bounds_is_refused(tmp_path: Path, setting: str, value: Any) -> None:
    with pytest.raises(OperatorError, match=setting):
        desk.read_queue(written(tmp_path, **{setting: value}))


def test_a_queue_may_let_agents_begin_as_they_left(tmp_path: Path) -> None:
    assert desk.read_queue(written(tmp_path, begins_ready=True))[0].begins_ready is True


def test_durations_are_in_seconds(tmp_path: Path) -> None:
    queue, _ = desk.read_queue(written(tmp_path, abandoned_after=90, missed_offers=5))
    assert (queue.abandoned_after.total_seconds(), queue.missed_offers) == (90, 5)


LINES = [
    "+15550100000",
    "12345",
    "BRAND X",
    "whatsapp:+15550100000",
    "messenger:1234567890",
    "rcs:brand_x_agent",
]


def test_whatever_customers_write_to_may_be_a_number_of_a_queue(tmp_path: Path) -> None:
    assert desk.read_queue(written(tmp_path, numbers=LINES))[1] == LINES


@pytest.mark.parametrize(
    "line",
    [
        "0151 2345",
        "+0151234567",
        "+15550100000\n",
        "+\u0661\u0665\u0665\u0665\u0660\u0661\u0660",
        "12",
        "messenger:page",
        "messenger:",
        "whatsapp:12345",
        "rcs:a|b",
        "viber:brand",
        "a sender with a long name",
        "",
    ],
)
def test_what_is_no_line_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(OperatorError, match=r"queue\.json: numbers: "):
        desk.read_queue(written(tmp_path, numbers=[line]))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"none\.json"):
        desk.read_queue(tmp_path / "none.json")


def test_a_queue_is_written_before_its_numbers() -> None:
    recorder = Desk()
    assert desk.add_queue(as_any(recorder), QUEUE_FILE) == "demo"
    assert [call[0] for call in recorder.calls] == ["put_queue", "put_number"]


def test_an_invited_agent_chooses_a_password() -> None:
    cognito, recorder = Cognito(), Desk()
    agent_id = desk.add_agent(cognito, "pool", as_any(recorder), **AGENT)
    assert recorder.calls == [
        ("put_agent", agent_id, "jo@example.com", "Jo", "agent", ("demo",), 2)
    ]
    assert cognito.groups == {"agents"}
    assert cognito.password is None
    assert cognito.user is not None
    assert cognito.user["DesiredDeliveryMediums"] == ["EMAIL"]


def test_a_given_password_needs_no_invitation() -> None:
    cognito = Cognito()
    desk.add_agent(cognito, "pool", as_any(Desk()), **AGENT, password="Long-enough-1")
    assert cognito.password == "Long-enough-1"
    assert cognito.user is not None
    assert cognito.user["MessageAction"] == "SUPPRESS"


def test_adding_an_agent_again_changes_them() -> None:
    cognito, recorder = Cognito(), Desk()
    agent_id = desk.add_agent(cognito, "pool", as_any(recorder), **AGENT)
    changed = AGENT | {"role": "admin"}
    assert desk.add_agent(cognito, "pool", as_any(recorder), **changed) == agent_id
    assert cognito.groups == {"admins"}
    assert recorder.calls[-1][4] == "supervisor"


def test_a_queue_that_is_named_twice_is_served_once() -> None:
    recorder = Desk()
    given = AGENT | {"queues": ["sales", "demo", "sales"]}
    desk.add_agent(Cognito(), "pool", as_any(recorder), **given)
    assert recorder.calls[-1][5] == ("sales", "demo")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"queues": ["demo", "demmo"]}, "no queue 'demmo'. There are: demo, sales"),
        ({"email": "jo at example.com"}, "'jo at example.com' is not an e-mail address"),
        ({"email": "jo@localhost"}, "not an e-mail address"),
        ({"capacity": 0}, "capacity of 0"),
        ({"capacity": 500}, "capacity of 500"),
        ({"name": "  "}, "needs a name"),
        ({"name": "\0"}, "1 to 100 characters"),
        ({"name": "J" * 101}, "1 to 100 characters"),
    ],
)
def test_an_agent_who_cannot_be_is_refused_before_anything_is_written(
    changed: dict[str, Any], said: str
) -> None:
    cognito, recorder = Cognito(), Desk()
    with pytest.raises(OperatorError, match=said):
        desk.add_agent(cognito, "pool", as_any(recorder), **AGENT | changed)
    assert cognito.user is None
    assert recorder.calls == []


def test_what_the_application_refuses_of_a_queue_is_said_with_the_file(tmp_path: Path) -> None:
    class Strict(Desk):
        def put_queue(self, _: Any) -> None:
            raise ValueError("The form needs a field with the variable 'message'.")

    with pytest.raises(OperatorError, match=r"queue\.json: The form needs"):
        desk.add_queue(as_any(Strict()), written(tmp_path, form=[]))


def test_the_local_stack_is_a_stage_for_agents_and_queues_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMBDESK_HOME", str(tmp_path))
    with pytest.raises(OperatorError, match="not running"):
        place.find("local")
    with pytest.raises(OperatorError, match="on this computer") as caught:
        place.on_aws("local")
    assert "make reset" in caught.value.remedy


def test_the_demo_logins_are_within_the_password_policy() -> None:
    password = seed.PASSWORD
    assert len(password) >= 12
    assert any(c.isupper() for c in password)
    assert any(c.isdigit() for c in password)
    assert {login["role"] for login in seed.logins()} == {"agent", "supervisor"}


def test_an_agent_is_removed_from_the_desk_before_they_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that a removal that was cut off finds them again."""
    cognito = Cognito()
    ports: Any = object()
    monkeypatch.setattr(removing, "remove_agent", lambda *_: cognito.calls.append("desk"))
    assert desk.remove_agent(cognito, "pool", ports, "jo@example.com") == "1234"
    assert cognito.calls == [
        "admin_disable_user",
        "admin_user_global_sign_out",
        "desk",
        "admin_delete_user",
    ]


def test_who_never_had_a_desk_can_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_desk(*_: Any) -> None:
        raise NotFound("There is no such agent.")

    cognito = Cognito()
    ports: Any = object()
    monkeypatch.setattr(removing, "remove_agent", no_desk)
    desk.remove_agent(cognito, "pool", ports, "jo@example.com")
    assert cognito.calls[-1] == "admin_delete_user"


def test_who_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "UserNotFoundException"}}, "AdminGetUser")

    cognito = Cognito()
    monkeypatch.setattr(cognito, "admin_get_user", nobody)
    ports: Any = object()
    with pytest.raises(OperatorError, match=r"jo@example\.com"):
        desk.remove_agent(cognito, "pool", ports, "jo@example.com")
    assert cognito.calls == []


def test_an_agent_whose_removal_was_cut_off_can_be_added_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Enabled(Cognito):
        is_enabled = True

        def admin_disable_user(self, **_: Any) -> None:
            self.is_enabled = False

        def admin_enable_user(self, **_: Any) -> None:
            self.is_enabled = True

    def cut_off(*_: Any) -> None:
        raise ConnectionError

    cognito = Enabled()
    desk.add_agent(cognito, "pool", as_any(Desk()), **AGENT)
    monkeypatch.setattr(removing, "remove_agent", cut_off)
    with pytest.raises(ConnectionError):
        desk.remove_agent(cognito, "pool", as_any(object()), "jo@example.com")
    assert not cognito.is_enabled
    desk.add_agent(cognito, "pool", as_any(Desk()), **AGENT)
    assert cognito.is_enabled
