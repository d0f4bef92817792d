"""What all tests share."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from moto import mock_aws

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
os.environ.setdefault("USER_POOL_ARN", "arn:aws:cognito-idp:us-east-1:123456789012:userpool/test")
os.environ.setdefault("TIMER_QUEUE_ARN", "arn:aws:sqs:us-east-1:123456789012:timers")
os.environ.setdefault("OUTBOUND_QUEUE_ARN", "arn:aws:sqs:us-east-1:123456789012:outbound.fifo")

from chalicelib.protocol.rest import REPLY_BYTES
from proof.desk import Desk

# A loaded machine is slow, and nothing here is measured.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A whole desk in this process, with one queue and nobody there."""
    with mock_aws():
        desk = Desk(monkeypatch)
        yield desk
    assert desk.gateway.too_large == [], "A frame was pushed that the gateway refuses (D18)."
    assert desk.largest_reply <= REPLY_BYTES, "A reply was larger than promised (D18)."
