"""Provisioning, deployment and the local stack."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository: where app.py, web/ and requirements.txt are."""
