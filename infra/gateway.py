"""What API Gateway answers by itself: errors before any function runs."""

import secrets
from typing import Any

ERROR_RESPONSES = ("DEFAULT_4XX", "DEFAULT_5XX")

# Without these a browser hides an expired token's 401 from the page that sent it.
CROSS_ORIGIN = {
    "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
    "gatewayresponse.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
}


def open_error_responses(apigateway: Any, api_id: str, stage: str) -> None:
    """Let pages of other origins read the errors that API Gateway itself answers.

    Chalice cannot express this, and its deployment replaces the whole definition, so it is
    set again after each one.
    """
    for kind in ERROR_RESPONSES:
        apigateway.put_gateway_response(
            restApiId=api_id, responseType=kind, responseParameters=CROSS_ORIGIN
        )
    apigateway.create_deployment(
        restApiId=api_id, stageName=stage, description=f"error responses {secrets.token_hex(4)}"
    )
