import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.gateway import open_error_responses
from infra.record import Addresses, Record

DEPLOYED = {
    "resources": [
        {"name": "sweep_role", "resource_type": "iam_role", "role_name": "lambdesk-prod-sweep"},
        {"name": "sweep", "resource_type": "lambda_function", "lambda_arn": "arn:sweep"},
        {
            "name": "rest_api",
            "resource_type": "rest_api",
            "rest_api_id": "r1",
            "rest_api_url": "https://r1.execute-api.eu-west-1.amazonaws.com/api/",
        },
        {
            "name": "websocket_api",
            "resource_type": "websocket_api",
            "websocket_api_id": "w1",
            "websocket_api_url": "wss://w1.execute-api.eu-west-1.amazonaws.com/api/",
        },
    ]
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Chalice keeps its record."""
    monkeypatch.setenv("LAMBDESK_HOME", str(tmp_path))
    return tmp_path / "build" / "prod" / ".chalice" / "deployed" / "prod.json"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="deployments")
        yield client


def test_before_the_first_deployment_nothing_is_known(s3: Any, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(DEPLOYED))
    record = Record(s3, "deployments", "prod")
    # A file of some other account with the same stage name must not be taken for this one's.
    record.fetch()
    assert record.addresses() == Addresses()
    record.store()
    assert "Contents" not in s3.list_objects_v2(Bucket="deployments")


def test_the_next_deployment_may_run_on_another_computer(s3: Any, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(DEPLOYED))
    Record(s3, "deployments", "prod").store()
    file.unlink()
    record = Record(s3, "deployments", "prod")
    record.fetch()
    assert record.addresses() == Addresses(
        "r1",
        "https://r1.execute-api.eu-west-1.amazonaws.com/api",
        "w1",
        "wss://w1.execute-api.eu-west-1.amazonaws.com/api",
    )
    assert list(record.functions()) == [("sweep", "arn:sweep", "lambdesk-prod-sweep")]


def test_one_resource_can_be_forgotten(s3: Any, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(DEPLOYED))
    record = Record(s3, "deployments", "prod")
    record.forget("rest_api")
    assert record.addresses().rest_api == ""
    assert record.addresses().socket_api == "w1"


def test_error_responses_take_effect_only_with_a_deployment() -> None:
    calls: list[tuple[str, Any]] = []

    class Gateway:
        def put_gateway_response(self, **arguments: Any) -> None:
            calls.append(("put", arguments["responseType"]))

        def create_deployment(self, **arguments: Any) -> None:
            calls.append(("deploy", arguments["stageName"]))

    open_error_responses(Gateway(), "r1", "api")
    assert calls == [("put", "DEFAULT_4XX"), ("put", "DEFAULT_5XX"), ("deploy", "api")]
