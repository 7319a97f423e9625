# Verifies a DSSE envelope by securesystemslib and its statement by in-toto's own reader, or reads OTLP requests by OpenTelemetry's own
# messages. `check.py dsse <envelope> <key, base64>` prints the key ids; `check.py otlp <requests>` prints each request as its fields.
import base64
import hashlib
import json
import sys

from google.protobuf import json_format


def dsse(path, key):
    import in_toto_attestation.v1.statement_pb2 as messages
    from in_toto_attestation.v1.statement import Statement
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    raw = base64.b64decode(key)
    trusted = SSlibKey(hashlib.sha256(raw).hexdigest(), "ed25519", "ed25519", {"public": raw.hex()})
    with open(path) as file:
        envelope = Envelope.from_dict(json.load(file))
    accepted = envelope.verify([trusted], 1)
    statement = json_format.Parse(envelope.payload, messages.Statement())
    Statement.copy_from_pb(statement).validate()
    print(json.dumps({"keys": list(accepted), "type": statement.type, "predicateType": statement.predicate_type}))


def otlp(path):
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    kinds = {"v1/traces": ExportTraceServiceRequest, "v1/metrics": ExportMetricsServiceRequest, "v1/logs": ExportLogsServiceRequest}
    with open(path) as file:
        requests = json.load(file)
    print(json.dumps({name: json_format.MessageToDict(json_format.ParseDict(body, kinds[name]())) for name, body in requests.items()}))


{"dsse": dsse, "otlp": otlp}[sys.argv[1]](*sys.argv[2:])
