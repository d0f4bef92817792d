"""A stand-in for Twilio on this machine: its message API, its webhooks, and phones to type on.

Numbers with these endings simulate trouble (any area, any channel):

- `0001` unreachable: sent, then undelivered with error 30003
- `0002` a landline: accepted, then failed with error 30006
- `0003` delivered, but the status callbacks come out of order and repeated
- `0004` not a mobile: the request is refused with error 21614
- `0005` a flaky API: every first attempt is answered 503, the same request again succeeds
- `0006` filtered by the carrier: undelivered with error 30007
"""
