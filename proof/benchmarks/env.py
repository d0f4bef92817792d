"""What the application reads from its environment when it is imported."""

import os

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "CONVERSATIONS_TABLE": "conversations",
    "AGENTS_TABLE": "agents",
    "USER_POOL_ARN": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/benchmark",
    "TIMER_QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:timers",
    "OUTBOUND_QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:outbound.fifo",
    "TIMER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/timers",
    "OUTBOUND_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/outbound.fifo",
}

os.environ.update(ENVIRONMENT)
