"""What is let in, and what runs at once."""

import json
import re
from typing import Any

import pytest

from infra import ROOT, build, deployment, limits
from infra.chalice_command import _named_by_region
from infra.cloud import Cloud
from infra.errors import OperatorError

Json = dict[str, Any]


class Gateway:
    """A stage that had a limit on a route."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        self.operations: list[Json] = []

    def get_stage(self, **_: Any) -> Json:
        return {"methodSettings": {key: {} for key in [*self.keys, "*/*"]}}

    def update_stage(self, **arguments: Any) -> None:
        self.operations = arguments["patchOperations"]


@pytest.mark.parametrize("key", ["~1gone~1{id}/GET", "gone/{id}/GET", "/gone/{id}/GET"])
def test_a_limit_that_was_dropped_goes(key: str) -> None:
    gateway = Gateway(key, "~1twilio~1status/POST", "twilio/messages/POST")
    limits.limit_requests(gateway, "r1", "api")
    removed = [item["path"] for item in gateway.operations if item["op"] == "remove"]
    assert removed == ["/~1gone~1{id}/GET"]


def test_the_whole_rest_api_and_each_dear_route_are_limited() -> None:
    gateway = Gateway()
    limits.limit_requests(gateway, "r1", "api")
    paths = {item["path"]: float(item["value"]) for item in gateway.operations}
    assert paths["/~1widget~1conversations/POST/throttling/rateLimit"] > 0
    everything = paths["/*/*/throttling/rateLimit"]
    assert all(rate <= everything for path, rate in paths.items() if path.endswith("rateLimit"))


def test_every_limited_route_exists() -> None:
    """A route that is renamed would silently lose its limit."""
    source = (ROOT / "app.py").read_text()
    paths = re.findall(r'@app\.route\(\s*"([^"]+)",\s*methods=\["(\w+)"\]', source)
    routes = {f"{verb} {path}" for path, verb in paths}
    limited = json.loads(limits.LIMITS.read_text())
    assert limited["rest"].keys() - {"*"} <= routes
    assert limited["socket"].keys() <= {"*", "$connect", "$disconnect", "$default"}


def test_every_function_reserves_and_the_sweep_never_runs_twice() -> None:
    settings = build.function_settings()
    assert all(function["reserved_concurrency"] > 0 for function in settings.values())
    assert settings["sweep"]["reserved_concurrency"] == 1


def test_what_is_set_in_chalices_file_is_within_the_quota_that_everybody_gets() -> None:
    settings = build.function_settings().values()
    assert sum(item["reserved_concurrency"] for item in settings) <= 1000 - limits.UNRESERVED


def test_a_queue_is_not_read_faster_than_its_function_may_run() -> None:
    """Lambda's poller would count what it may not run as failed, until it is a dead letter."""
    source = (ROOT / "app.py").read_text()
    readers = re.findall(r"maximum_concurrency=(\d+)\s*\)\ndef (\w+)", source)
    assert [name for _, name in readers] == ["timer_due", "text_outbound"]
    for most, name in readers:
        assert 2 <= int(most) <= build.function_settings()[name]["reserved_concurrency"]


class Functions:
    """Lambda, in an account with a quota, of which this stage may hold a part."""

    class exceptions:  # noqa: N801 - as boto3 names it
        class ResourceNotFoundException(Exception):
            pass

    def __init__(self, unreserved: int, held: int | None) -> None:
        self._unreserved = unreserved
        self._held = held

    def get_account_settings(self) -> Json:
        return {"AccountLimit": {"UnreservedConcurrentExecutions": self._unreserved}}

    def get_function_concurrency(self, FunctionName: str) -> Json:  # noqa: N803 - boto3's
        assert FunctionName.startswith("lambdesk-prod")
        if self._held is None:
            raise self.exceptions.ResourceNotFoundException
        return (
            {"ReservedConcurrentExecutions": self._held} if FunctionName.endswith("sweep") else {}
        )


class Account(Cloud):
    """An account that knows nothing but Lambda."""

    def client(self, service: str) -> Any:
        assert service == "lambda"
        return FUNCTIONS[self.region or ""]


FUNCTIONS = {
    "new account": Functions(10, None),
    "raised quota": Functions(1000, None),
    "deployed before": Functions(250, 201),
    "others hold the rest": Functions(250, 1),
}


@pytest.mark.parametrize(
    ("account", "reserves"),
    [
        ("new account", False),
        ("raised quota", True),
        ("deployed before", True),
        ("others hold the rest", False),
    ],
)
def test_an_account_that_is_too_small_to_reserve_is_deployed_to_all_the_same(
    account: str,
    reserves: bool,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from proof.package import OUTPUTS

    monkeypatch.setenv("LAMBDESK_HOME", str(tmp_path))
    folder = build.prepare("prod", build.placeholders("prod", OUTPUTS), vendor=False)
    deployment._reserve(Account(account), "prod", folder)
    assert ("reserved_concurrency" in (folder / ".chalice" / "config.json").read_text()) is reserves
    assert ("quota" in capsys.readouterr().out) is not reserves


@pytest.mark.parametrize("version", [(3, 11), (3, 15)])
def test_a_python_that_lambda_should_not_run_says_what_to_install(version: tuple[int, int]) -> None:
    with pytest.raises(OperatorError, match=rf"{version[0]}\.{version[1]}") as caught:
        deployment._require_python_of_lambda(version)
    assert "PYTHON=python3.13" in caught.value.remedy


@pytest.mark.parametrize("version", [(3, 12), (3, 13), (3, 14)])
def test_a_python_that_lambda_runs_deploys(version: tuple[int, int]) -> None:
    deployment._require_python_of_lambda(version)


def test_roles_of_one_stage_in_two_regions_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    class Role:
        role_name = "lambdesk-" + "s" * 18 + "-websocket_disconnect"

    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    role = _named_by_region(lambda: Role())()
    assert role.role_name.endswith("-ap-southeast-1")
    # The longest name that IAM takes; the template allows a stage to be as long.
    assert len(role.role_name) <= 64
