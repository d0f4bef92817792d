import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra import web
from infra.errors import OperatorError
from infra.local.edge import WIDGET_HEADERS, Edge

FILES = {
    "widget/loader.js": "loader();",
    "widget/index.html": "<title>widget</title>",
    "widget/assets/app-1a2b.js": "app();",
    "desktop/index.html": "<title>desktop</title>",
    "desktop/assets/logo.svg": "<svg/>",
}


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="web")
        yield client


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(web, "WEB", tmp_path)
    monkeypatch.setattr(web, "ROOT", tmp_path)
    for name, text in FILES.items():
        file = tmp_path / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


@pytest.fixture
def edge(s3: Any) -> Iterator[http.client.HTTPConnection]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Edge(port, s3, "web")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    yield connection
    connection.close()
    server.stop()


@pytest.mark.usefixtures("sources")
def test_publishing_uploads_both_clients_with_their_settings(s3: Any) -> None:
    web.publish(s3, "web", {"rest_url": "https://x"})
    keys = {item["Key"] for item in s3.list_objects_v2(Bucket="web")["Contents"]}
    assert keys == {*FILES, "widget/config.json", "desktop/config.json"}
    config = s3.get_object(Bucket="web", Key="widget/config.json")
    assert json.loads(config["Body"].read()) == {"rest_url": "https://x"}
    assert config["ContentType"].startswith("application/json")


@pytest.mark.usefixtures("sources")
def test_only_hashed_assets_are_kept_for_long(s3: Any) -> None:
    web.publish(s3, "web", {})
    for item in s3.list_objects_v2(Bucket="web")["Contents"]:
        kept = s3.head_object(Bucket="web", Key=item["Key"])["CacheControl"]
        assert ("immutable" in kept) == ("/assets/" in item["Key"])


@pytest.mark.usefixtures("sources")
def test_an_index_is_published_after_what_it_refers_to() -> None:
    class Recorder:
        keys: list[str] = []

        def put_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803
            self.keys.append(Key)

    web.publish(Recorder(), "web", {})
    assert Recorder.keys.index("widget/assets/app-1a2b.js") < Recorder.keys.index(
        "widget/index.html"
    )


def test_a_build_is_due_only_after_a_change(sources: Path) -> None:
    (sources / "main.ts").write_text("1")
    assert web.needs_build()
    (sources / "dist" / ".sources").write_text(web._sources_digest())
    (sources / "dist" / "more.js").write_text("built")
    assert not web.needs_build()
    (sources / "main.ts").write_text("2")
    assert web.needs_build()


def test_a_half_finished_build_is_not_published(sources: Path, s3: Any) -> None:
    for file in (sources / "dist" / "desktop").rglob("*.*"):
        file.unlink()
    (sources / "dist" / "desktop" / "assets").rmdir()
    (sources / "dist" / "desktop").rmdir()
    with pytest.raises(OperatorError, match="dist/desktop"):
        web.publish(s3, "web", {})


def test_missing_node_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(OperatorError) as caught:
        web._require_node()
    assert "Node.js" in caught.value.remedy


@pytest.mark.usefixtures("sources")
def test_the_edge_serves_a_folder_by_its_index(s3: Any, edge: http.client.HTTPConnection) -> None:
    web.publish(s3, "web", {})
    edge.request("GET", "/desktop/?x=1")
    reply = edge.getresponse()
    assert reply.read() == b"<title>desktop</title>"
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.usefixtures("sources")
def test_the_edge_compresses_and_revalidates(s3: Any, edge: http.client.HTTPConnection) -> None:
    web.publish(s3, "web", {})
    edge.request("GET", "/widget/loader.js", headers={"Accept-Encoding": "gzip"})
    reply = edge.getresponse()
    assert gzip.decompress(reply.read()) == b"loader();"
    edge.request("GET", "/widget/loader.js", headers={"If-None-Match": reply.headers["ETag"]})
    again = edge.getresponse()
    assert (again.status, again.read()) == (304, b"")


@pytest.mark.usefixtures("sources")
def test_isolated_pages_may_have_the_widget(s3: Any, edge: http.client.HTTPConnection) -> None:
    web.publish(s3, "web", {})
    found = {}
    for path in ("/widget/index.html", "/widget/loader.js", "/desktop/index.html"):
        edge.request("GET", path)
        reply = edge.getresponse()
        reply.read()
        found[path] = {name: reply.headers[name] for name in WIDGET_HEADERS}
    assert found["/widget/index.html"] == found["/widget/loader.js"] == WIDGET_HEADERS
    assert set(found["/desktop/index.html"].values()) == {None}


def test_the_edge_does_not_have_everything(edge: http.client.HTTPConnection) -> None:
    edge.request("GET", "/widget/nothing.js")
    reply = edge.getresponse()
    reply.read()
    assert reply.status == 404
    edge.request("HEAD", "/")
    reply = edge.getresponse()
    reply.read()
    assert (reply.status, reply.headers["Location"]) == (302, "/desktop/")


def test_packages_that_are_shared_by_a_link_are_never_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`npm ci` empties node_modules first, also that of another working copy."""
    shared = tmp_path / "shared"
    (shared / "preact").mkdir(parents=True)
    (tmp_path / "node_modules").symlink_to(shared)
    ran: list[str] = []
    monkeypatch.setattr(web, "WEB", tmp_path)
    monkeypatch.setattr(web, "_require_node", lambda: None)
    monkeypatch.setattr(web, "_npm", lambda *words: ran.append(words[0]))
    with pytest.raises(OperatorError, match="a link"):
        web.install()
    assert ran == []
