"""A world on moto for each test."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.adapters.world import Cloud, World


@pytest.fixture(scope="package")
def cloud() -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud()


@pytest.fixture
def world(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(cloud, monkeypatch)
    yield world
    world.vanish()
