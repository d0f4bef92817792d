"""The account and region that the operator's environment names."""

import pytest
from moto import mock_aws

from infra.cloud import operators_cloud
from infra.errors import OperatorError


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_variable_names_the_region(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "eu-central-1")
    with mock_aws():
        cloud = operators_cloud()
    assert cloud.region == "eu-central-1"
    assert cloud.environ()["AWS_DEFAULT_REGION"] == "eu-central-1"


def test_without_a_region_it_is_said_what_to_set() -> None:
    with pytest.raises(OperatorError) as caught:
        operators_cloud()
    assert "AWS_REGION" in caught.value.remedy
