"""A stage is deployed, fails, is removed and comes back, on the emulator."""

import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cfnlint.decode import cfn_yaml

from infra import ROOT, build, deployment, limits, removal
from infra.cloud import Cloud
from infra.errors import OperatorError
from infra.local.emulator import start_emulator
from infra.local.layout import Layout
from infra.record import Record

Json = dict[str, Any]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An account of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    layout = Layout(port, tmp_path_factory.mktemp("emulator"))
    emulator = start_emulator(layout)
    yield layout.cloud
    emulator.stop()


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> str:
    """A stage that no other test uses."""
    return f"t{hashlib.sha256(request.node.name.encode()).hexdigest()[:12]}"


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without third-party code and web clients, on whatever Python runs the tests."""
    monkeypatch.setenv("LAMBDESK_HOME", str(tmp_path))
    monkeypatch.setattr(deployment, "_require_python_of_lambda", lambda _: None)
    monkeypatch.setattr(deployment, "_publish_web", publish)
    prepare = build.prepare

    def prepare_quickly(*given: Any) -> Path:
        folder = prepare(*given, vendor=False)
        # Chalice waits in steps of five seconds for what the emulator does at once.
        (folder / "sitecustomize.py").write_text(IMPATIENT)
        return folder

    monkeypatch.setattr(build, "prepare", prepare_quickly)


IMPATIENT = """
import time
sleep = time.sleep
time.sleep = lambda seconds: sleep(min(seconds, 0.05))
"""


def publish(cloud: Cloud, outputs: Json, _: Any) -> None:
    cloud.client("s3").put_object(Bucket=outputs["WebBucket"], Key="widget/loader.js", Body=b"1")


def values(cloud: Cloud, stage: str) -> dict[str, str]:
    return deployment.stage_values(cloud, stage)


def write(cloud: Cloud, table: str) -> None:
    item = {"pk": {"S": "CONV#1"}, "sk": {"S": "META"}}
    cloud.client("dynamodb").put_item(TableName=table, Item=item)


def items(cloud: Cloud, table: str) -> int:
    return int(cloud.client("dynamodb").scan(TableName=table)["Count"])


def kept_by_name(cloud: Cloud, stage: str) -> list[str]:
    """Everything that could be in the way of the next creation."""
    tables = cloud.client("dynamodb").list_tables()["TableNames"]
    buckets = [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]]
    pools = cloud.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    names = [*tables, *buckets, *(pool["Name"] for pool in pools)]
    return [name for name in names if f"lambdesk-{stage}" in name]


def test_a_removed_stage_finds_its_data_and_its_people_when_it_is_deployed_again(
    cloud: Cloud, stage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.deploy(cloud, stage, {})
    before = values(cloud, stage)
    write(cloud, before["ConversationsTable"])
    cloud.client("cognito-idp").admin_create_user(
        UserPoolId=before["UserPool"], Username="mara@example.com"
    )
    removal.remove(cloud, stage, stage)
    assert before["ConversationsTable"] in capsys.readouterr().out
    assert functions(cloud, stage) == []
    assert "Contents" not in cloud.client("s3").list_objects_v2(Bucket=before["WebBucket"])
    deployment.deploy(cloud, stage, {})
    assert values(cloud, stage) == before
    assert items(cloud, before["ConversationsTable"]) == 1
    users = cloud.client("cognito-idp").list_users(UserPoolId=before["UserPool"])["Users"]
    assert len(users) == 1
    assert len(functions(cloud, stage)) == len(build.function_settings())
    assert_limited(cloud, stage)


def assert_limited(cloud: Cloud, stage: str) -> None:
    record = Record(cloud.client("s3"), values(cloud, stage)["DeploymentsBucket"], stage)
    addresses = record.addresses()
    rest = cloud.client("apigateway").get_stage(restApiId=addresses.rest_api, stageName="api")
    rates = [settings["throttlingRateLimit"] for settings in rest["methodSettings"].values()]
    assert len(rates) == len(json.loads(limits.LIMITS.read_text())["rest"])
    assert min(rates) > 0
    assert max(rates) == rest["methodSettings"]["*/*"]["throttlingRateLimit"]
    sockets = cloud.client("apigatewayv2").get_stage(ApiId=addresses.socket_api, StageName="api")
    frames = sockets["DefaultRouteSettings"]["ThrottlingRateLimit"]
    assert 0 < sockets["RouteSettings"]["$connect"]["ThrottlingRateLimit"] < frames
    reserved = {
        function["FunctionName"]: cloud.client("lambda")
        .get_function_concurrency(FunctionName=function["FunctionName"])
        .get("ReservedConcurrentExecutions")
        for function in functions(cloud, stage)
    }
    assert reserved[f"lambdesk-{stage}-sweep"] == 1
    assert None not in reserved.values()


def functions(cloud: Cloud, stage: str) -> list[Json]:
    listed = cloud.client("lambda").list_functions()["Functions"]
    return [one for one in listed if one["FunctionName"].startswith(f"lambdesk-{stage}")]


BROKEN = """
  Broken:
    Type: AWS::SQS::Queue
    DependsOn: [ConversationsTable, AgentsTable, AttachmentsBucket, UserPool]
    Properties: {QueueName: not-a-fifo-queue.fifo}

Outputs:
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A working copy whose template makes everything that holds data, and then fails."""
    (tmp_path / "infra").mkdir()
    template = (ROOT / "infra" / "template.yaml").read_text()
    (tmp_path / "infra" / "template.yaml").write_text(template.replace("\nOutputs:\n", BROKEN))
    return tmp_path


def test_a_creation_that_fails_leaves_nothing_and_the_next_one_succeeds(
    cloud: Cloud, stage: str, broken: Path
) -> None:
    formation = cloud.client("cloudformation")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(deployment, "ROOT", broken)
        for _ in range(2):
            with pytest.raises(OperatorError, match="ROLLBACK_COMPLETE"):
                deployment.provision_stage(formation, stage, {})
            assert kept_by_name(cloud, stage) == []
    made = deployment.provision_stage(formation, stage, {})
    assert items(cloud, made["AgentsTable"]) == 0


@pytest.mark.parametrize("noted", [True, False], ids=["failed", "killed"])
def test_a_deployment_of_functions_that_ends_early_can_be_repeated(
    cloud: Cloud, stage: str, monkeypatch: pytest.MonkeyPatch, noted: bool
) -> None:
    """It ends after queues were linked to functions; when it is killed, nothing is noted."""
    with monkeypatch.context() as patched:
        patched.setattr(f"{__name__}.IMPATIENT", IMPATIENT + NO_SOCKETS)
        with pytest.raises(OperatorError, match="out of sockets"):
            deployment.deploy(cloud, stage, {})
    record = Record(cloud.client("s3"), values(cloud, stage)["DeploymentsBucket"], stage)
    record.fetch()
    assert len(record.sources()) == 2
    if not noted:
        record.discard()
    deployment.deploy(cloud, stage, {})
    links = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert len([link for link in links if f"lambdesk-{stage}-" in link["FunctionArn"]]) == 2
    assert len(functions(cloud, stage)) == len(build.function_settings())
    removal.remove(cloud, stage, stage)
    assert functions(cloud, stage) == []


NO_SOCKETS = """
from chalice.awsclient import TypedAWSClient
def refuse(*_, **__):
    raise RuntimeError("out of sockets")
TypedAWSClient.create_websocket_api = refuse
"""


def test_what_holds_data_is_protected_once_it_is_there(cloud: Cloud, stage: str) -> None:
    formation = cloud.client("cloudformation")
    made = deployment.provision_stage(formation, stage, {})
    for table in (made["ConversationsTable"], made["AgentsTable"]):
        with pytest.raises(ClientError):
            cloud.client("dynamodb").delete_table(TableName=table)
    pool = cloud.client("cognito-idp").describe_user_pool(UserPoolId=made["UserPool"])["UserPool"]
    assert pool["DeletionProtection"] == "ACTIVE"
    with pytest.raises(ClientError, match="TerminationProtection"):
        formation.delete_stack(StackName=deployment.stack_name(stage))


def test_no_update_may_replace_what_holds_data(cloud: Cloud, stage: str) -> None:
    """The emulator keeps the policy and does not enforce it, so the policy is looked at."""
    formation = cloud.client("cloudformation")
    deployment.provision_stage(formation, stage, {})
    name = deployment.stack_name(stage)
    policy = json.loads(formation.get_stack_policy(StackName=name)["StackPolicyBody"])
    (refused,) = [item for item in policy["Statement"] if item["Effect"] == "Deny"]
    assert set(refused["Action"]) == {"Update:Replace", "Update:Delete"}
    template = cfn_yaml.load(str(ROOT / "infra" / "template.yaml"))
    kept = {
        resource["Type"]
        for resource in template["Resources"].values()
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate"
    }
    assert set(refused["Condition"]["StringEquals"]["ResourceType"]) == kept
