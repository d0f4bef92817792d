"""Lambdesk's entrances: every route, socket event, queue and schedule. The code is elsewhere."""

import os
from typing import Any

from chalice.app import (
    Chalice,
    CloudWatchEvent,
    CognitoUserPoolAuthorizer,
    CORSConfig,
    Rate,
    Response,
    SQSEvent,
    WebsocketEvent,
)

from chalicelib.bootstrap import ports, settings
from chalicelib.handlers import agent, queued, socket, twilio, widget

app = Chalice(app_name="lambdesk")
app.experimental_feature_flags.update(["WEBSOCKETS"])

cors = CORSConfig(
    allow_origin="*",
    allow_headers=["Authorization"],
    expose_headers=["Date", "Retry-After"],
    max_age=600,
)
# Chalice takes content types apart too loosely, so the handlers judge them.
any_type = ["*/*"]
web = dict[str, Any](cors=cors, content_types=any_type)
agents = CognitoUserPoolAuthorizer("agents", provider_arns=[os.environ["USER_POOL_ARN"]])


@app.route("/widget/queues/{queue_id}", methods=["GET"], **web)
def widget_queue(queue_id: str) -> Response:
    return widget.queue(app.current_request, ports(), queue_id)


@app.route("/widget/conversations", methods=["POST"], **web)
def widget_start() -> Response:
    return widget.start(app.current_request, ports(), settings())


@app.route("/widget/conversations/{conversation_id}/messages", methods=["POST"], **web)
def widget_send(conversation_id: str) -> Response:
    return widget.send(app.current_request, ports(), conversation_id)


@app.route("/widget/conversations/{conversation_id}/messages", methods=["GET"], **web)
def widget_read(conversation_id: str) -> Response:
    return widget.read(app.current_request, ports(), conversation_id)


@app.route("/widget/conversations/{conversation_id}/end", methods=["POST"], **web)
def widget_end(conversation_id: str) -> Response:
    return widget.end(app.current_request, ports(), conversation_id)


@app.route("/widget/conversations/{conversation_id}/socket-tickets", methods=["POST"], **web)
def widget_ticket(conversation_id: str) -> Response:
    return widget.ticket(app.current_request, ports(), conversation_id)


@app.route("/agent/socket-tickets", methods=["POST"], authorizer=agents, **web)
def agent_ticket() -> Response:
    return agent.ticket(app.current_request, ports(), settings())


@app.route("/agent/desk", methods=["GET"], authorizer=agents, **web)
def agent_desk() -> Response:
    return agent.desk(app.current_request, ports(), settings())


@app.route("/agent/queues", methods=["GET"], authorizer=agents, **web)
def agent_queues() -> Response:
    return agent.queues(app.current_request, ports(), settings())


@app.route(
    "/agent/conversations/{conversation_id}/events",
    methods=["GET"],
    authorizer=agents,
    **web,
)
def agent_events(conversation_id: str) -> Response:
    return agent.events(app.current_request, ports(), settings(), conversation_id)


@app.route("/twilio/messages", methods=["POST"], content_types=any_type)
def twilio_inbound() -> Response:
    return twilio.receive(app.current_request, ports(), settings())


@app.route("/twilio/status", methods=["POST"], content_types=any_type)
def twilio_status() -> Response:
    return twilio.status(app.current_request, ports(), settings())


@app.on_ws_connect()
def websocket_connect(event: WebsocketEvent) -> dict[str, int]:
    return socket.connect(event.to_dict(), ports(), settings())


@app.on_ws_message()
def websocket_message(event: WebsocketEvent) -> None:
    socket.receive(event.to_dict(), ports(), settings())


@app.on_ws_disconnect()
def websocket_disconnect(event: WebsocketEvent) -> None:
    socket.disconnect(event.to_dict(), ports())


@app.on_sqs_message(queue_arn=os.environ["TIMER_QUEUE_ARN"], batch_size=1, maximum_concurrency=20)
def timer_due(event: SQSEvent) -> None:
    queued.timer(event, ports())


@app.on_sqs_message(
    queue_arn=os.environ["OUTBOUND_QUEUE_ARN"], batch_size=1, maximum_concurrency=20
)
def text_outbound(event: SQSEvent) -> None:
    queued.outbound(event, ports())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    queued.minute(event, ports())
