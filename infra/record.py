"""What Chalice deployed for a stage: the file it keeps, and a copy that outlives the laptop."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra import build


@dataclass(frozen=True)
class Addresses:
    """What API Gateway assigned; empty before the first deployment."""

    rest_api: str = ""
    rest_url: str = ""
    socket_api: str = ""
    socket_url: str = ""


class Record:
    """Chalice's `deployed/<stage>.json`, kept in a bucket."""

    def __init__(self, s3: Any, bucket: str, stage: str) -> None:
        self._s3 = s3
        self._place = {"Bucket": bucket, "Key": f"deployed/{stage}.json"}
        self._file = build.directory(stage) / ".chalice" / "deployed" / f"{stage}.json"

    def fetch(self) -> None:
        """Replace the local file by the kept one; without one, nothing was deployed."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)
        try:
            self._file.write_bytes(self._s3.get_object(**self._place)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise

    def store(self) -> None:
        """Keep the local file."""
        if self._file.exists():
            self._s3.put_object(**self._place, Body=self._file.read_bytes())

    def discard(self) -> None:
        """Forget everything: nothing is deployed any more."""
        self._file.unlink(missing_ok=True)
        self._s3.delete_object(**self._place)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is deployed, not even a part."""
        return not self._resources()

    def addresses(self) -> Addresses:
        """Where the APIs are."""
        rest, socket = self._find("rest_api"), self._find("websocket_api")
        return Addresses(
            rest_api=rest.get("rest_api_id", ""),
            rest_url=rest.get("rest_api_url", "").rstrip("/"),
            socket_api=socket.get("websocket_api_id", ""),
            socket_url=socket.get("websocket_api_url", "").rstrip("/"),
        )

    def sources(self) -> set[str]:
        """The ids of what lets queues call functions."""
        return {item["event_uuid"] for item in self._resources() if "event_uuid" in item}

    def functions(self) -> Iterator[tuple[str, str, str]]:
        """Name, ARN and role name of each function."""
        for item in self._resources():
            if item["resource_type"] == "lambda_function":
                role = self._find(f"{item['name']}_role")
                yield item["name"], item["lambda_arn"], role["role_name"]

    def forget(self, name: str) -> None:
        """Drop one resource from the local file, so that Chalice makes it again."""
        content = json.loads(self._file.read_text())
        content["resources"] = [item for item in content["resources"] if item["name"] != name]
        self._file.write_text(json.dumps(content))

    def _find(self, name: str) -> dict[str, str]:
        return next((item for item in self._resources() if item["name"] == name), {})

    def _resources(self) -> list[dict[str, str]]:
        if not self._file.exists():
            return []
        resources: list[dict[str, str]] = json.loads(self._file.read_text())["resources"]
        return resources
