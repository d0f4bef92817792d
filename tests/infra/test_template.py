import json
from datetime import timedelta
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.decode import cfn_yaml

from chalicelib.usecases.texting import send_texts
from infra import ROOT
from infra.local.edge import WIDGET_HEADERS

TEMPLATE = ROOT / "infra" / "template.yaml"
SECONDS_BETWEEN_TRIES = 6


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return json.loads(json.dumps(cfn_yaml.load(str(TEMPLATE))))


def resources(template: dict[str, Any], kind: str) -> dict[str, Any]:
    found = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }
    assert found
    return found


def test_cfn_lint_has_no_complaint() -> None:
    assert lint_file(TEMPLATE) == []


def test_cloudformation_takes_the_template_in_a_request() -> None:
    assert TEMPLATE.stat().st_size < 51_200


def test_tables_outlive_their_stack_and_can_be_restored(template: dict[str, Any]) -> None:
    for table in resources(template, "AWS::DynamoDB::Table").values():
        properties = table["Properties"]
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table["UpdateReplacePolicy"] == "Retain"
        assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert properties["SSESpecification"]["SSEEnabled"] is True
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_what_customers_wrote_and_who_agents_are_is_never_deleted(
    template: dict[str, Any],
) -> None:
    kept = resources(template, "AWS::S3::Bucket") | resources(template, "AWS::Cognito::UserPool")
    policies = {resource["DeletionPolicy"] for resource in kept.values()}
    assert policies == {"RetainExceptOnCreate"}
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["DeletionProtection"] == {"Fn::If": ["Protected", "ACTIVE", "INACTIVE"]}


def test_nothing_has_a_name_that_what_was_left_behind_could_have_taken(
    template: dict[str, Any],
) -> None:
    """Left are names that need not be unique, or that go with the stack."""
    named = {
        (resource["Type"], key)
        for resource in template["Resources"].values()
        for key in resource["Properties"]
        if key.endswith("Name") and key != "LogGroupName"
    }
    assert named == {
        ("AWS::CloudFront::Function", "Name"),
        ("AWS::Cognito::UserPool", "UserPoolName"),
        ("AWS::Cognito::UserPoolClient", "ClientName"),
        ("AWS::Cognito::UserPoolGroup", "GroupName"),
    }


def test_names_that_are_unique_in_an_account_tell_the_region(template: dict[str, Any]) -> None:
    access = template["Resources"]["WebAccess"]["Properties"]["OriginAccessControlConfig"]
    index = template["Resources"]["WebIndex"]["Properties"]
    longest = {"Stage": "s" * 18, "AWS::Region": "ap-southeast-10"}
    for name in (access["Name"]["Fn::Sub"], index["Name"]["Fn::Sub"]):
        assert name.endswith("-${AWS::Region}")
        for variable, value in longest.items():
            name = name.replace(f"${{{variable}}}", value)
        assert len(name) <= 64


def test_a_domain_of_ones_own_takes_no_old_tls(template: dict[str, Any]) -> None:
    settings = template["Resources"]["WebDistribution"]["Properties"]["DistributionConfig"]
    condition, with_domain, without = settings["ViewerCertificate"]["Fn::If"]
    assert condition == "HasDomain"
    assert with_domain["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert without == {"Ref": "AWS::NoValue"}


def test_buckets_are_private_encrypted_and_refuse_plain_http(template: dict[str, Any]) -> None:
    policies = {
        policy["Properties"]["Bucket"]["Ref"]: policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in resources(template, "AWS::S3::BucketPolicy").values()
    }
    for name, bucket in resources(template, "AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(properties["PublicAccessBlockConfiguration"]) == 4
        assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        (refusal,) = [item for item in policies[name] if item["Effect"] == "Deny"]
        assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert refusal["Principal"] == "*"
        assert refusal["Action"] == "s3:*"


def test_only_cloudfront_may_read_the_web_bucket(template: dict[str, Any]) -> None:
    statements = template["Resources"]["WebBucketPolicy"]["Properties"]["PolicyDocument"]
    (allowed,) = [item for item in statements["Statement"] if item["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert "aws:SourceArn" in allowed["Condition"]["StringEquals"]


def test_every_queue_with_a_reader_has_a_dead_letter_queue_of_its_kind(
    template: dict[str, Any],
) -> None:
    queues = resources(template, "AWS::SQS::Queue")
    for name in ("TimerQueue", "OutboundQueue"):
        properties = queues[name]["Properties"]
        dead = queues[properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert dead["Properties"].get("FifoQueue") == properties.get("FifoQueue")
        assert dead["Properties"]["MessageRetentionPeriod"] > properties["MessageRetentionPeriod"]


@pytest.mark.parametrize(
    ("queue", "function"), [("TimerQueue", "timer_due"), ("OutboundQueue", "text_outbound")]
)
def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run(
    template: dict[str, Any], queue: str, function: str
) -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    functions = config["stages"]["${Stage}"]["lambda_functions"]
    hidden = template["Resources"][queue]["Properties"]["VisibilityTimeout"]
    assert hidden == SECONDS_BETWEEN_TRIES * functions[function]["lambda_timeout"]


def test_a_text_is_given_up_long_before_its_queue_drops_it(template: dict[str, Any]) -> None:
    """What the queue drops is only marked by the sweep, after minutes and behind later texts."""
    tries, waited = 0, timedelta(0)
    while waited <= send_texts.KEPT_TRYING:
        tries += 1
        waited += send_texts.pause_after(tries)
    properties = template["Resources"]["OutboundQueue"]["Properties"]
    most = properties["RedrivePolicy"]["maxReceiveCount"]
    assert tries + send_texts.MOST_TRIES < most / 2
    assert properties["MessageRetentionPeriod"] > 100 * send_texts.KEPT_TRYING.total_seconds()


def test_nobody_can_sign_up_by_themselves(template: dict[str, Any]) -> None:
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["MfaConfiguration"] == "OPTIONAL"
    client = template["Resources"]["UserPoolClient"]["Properties"]
    assert client["GenerateSecret"] is False
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_every_function_has_a_log_group_with_a_retention(template: dict[str, Any]) -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    functions = set(config["stages"]["${Stage}"]["lambda_functions"])
    expected = {
        # Chalice names the REST handler after the application alone.
        "/aws/lambda/lambdesk-${Stage}" + ("" if name == "api_handler" else f"-{name}")
        for name in functions
    }
    groups = resources(template, "AWS::Logs::LogGroup").values()
    assert {group["Properties"]["LogGroupName"]["Fn::Sub"] for group in groups} == expected
    assert all("RetentionInDays" in group["Properties"] for group in groups)


def test_the_distribution_serves_the_widget_as_the_local_edge_does(
    template: dict[str, Any],
) -> None:
    (distribution,) = resources(template, "AWS::CloudFront::Distribution").values()
    (behavior,) = distribution["Properties"]["DistributionConfig"]["CacheBehaviors"]
    assert behavior["PathPattern"] == "/widget/*"
    policy = template["Resources"][behavior["ResponseHeadersPolicyId"]["Ref"]]["Properties"]
    config = policy["ResponseHeadersPolicyConfig"]
    headers = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    assert headers == WIDGET_HEADERS
    assert config["CorsConfig"]["AccessControlAllowOrigins"]["Items"] == ["*"]
