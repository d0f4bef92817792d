"""`python -m infra.chalice_command`: Chalice's command, with what Chalice has no settings for.

It packages as `infra.packaging` says, names roles by their region, and records what it made when it
could not make everything.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.packaging import finish, install


def main() -> int:
    """Run Chalice's command."""
    # Slow to import, and needed by no other command of the operator's.
    from chalice import cli
    from chalice.deploy.appgraph import ApplicationGraphBuilder
    from chalice.deploy.deployer import Deployer
    from chalice.deploy.packager import DependencyBuilder, LambdaDeploymentPackager

    _replace(DependencyBuilder, "build_site_packages", lambda _: _install_locked)
    _replace(LambdaDeploymentPackager, "create_deployment_package", _finishing)
    _replace(ApplicationGraphBuilder, "_create_role_reference", _named_by_region)
    _replace(Deployer, "_deploy", _recording)
    status: int = cli.main()
    return status


def _replace(owner: type, name: str, other: Callable[[Callable[..., Any]], Any]) -> None:
    setattr(owner, name, other(getattr(owner, name)))


def _install_locked(builder: Any, abi: str, requirements: str, target: str) -> None:
    if not Path(requirements).read_text().strip():
        return
    _, glibc = builder._RUNTIME_GLIBC[abi]
    install(
        Path(requirements),
        Path(target),
        python=f"{abi[2]}.{abi[3:]}",
        machine=builder._machine,
        glibc=glibc,
    )


def _finishing(package: Callable[..., str]) -> Callable[..., str]:
    def package_and_finish(packager: Any, project_dir: str, python_version: str) -> str:
        # What Chalice made stays as it is: it is used again while code and pins are the same.
        made = package(packager, project_dir, python_version)
        finished = Path(project_dir, ".chalice", "package.zip")
        finish(Path(made), finished)
        return str(finished)

    return package_and_finish


def _named_by_region(create_role: Callable[..., Any]) -> Callable[..., Any]:
    """Roles belong to the account: a stage of the same name in another region has its own."""

    def create(*arguments: Any) -> Any:
        role = create_role(*arguments)
        role.role_name = f"{role.role_name}-{os.environ['AWS_DEFAULT_REGION']}"
        return role

    return create


def _recording(deploy: Callable[..., Any]) -> Callable[..., Any]:
    """Chalice records what it made at the very end, and makes it again after a failure before."""

    def deploy_and_record(deployer: Any, config: Any, stage: str) -> Any:
        try:
            return deploy(deployer, config, stage)
        except BaseException:
            _record_what_is_made(deployer, config, stage)
            raise

    return deploy_and_record


def _record_what_is_made(deployer: Any, config: Any, stage: str) -> None:
    before = config.deployed_resources(stage)
    made = {name: before.resource_values(name) for name in before.resource_names()}
    made |= {resource["name"]: resource for resource in deployer._executor.resource_values}
    if made:
        content = {"resources": list(made.values()), "schema_version": "2.0", "backend": "api"}
        deployer._recorder.record_results(content, stage, config.project_dir)


if __name__ == "__main__":
    sys.exit(main())
