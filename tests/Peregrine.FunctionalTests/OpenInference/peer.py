"""A client of the Open Inference Protocol by grpcio and generated stubs: peer.py CHECK GRPC REST KEY. Ends with 0 when the check holds."""

import base64
import json
import math
import struct
import sys
import time
import urllib.error
import urllib.request

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

import health_pb2
import inference_pb2 as pb
import inference_pb2_grpc
import reflection_pb2

MODEL = "fraud.score"
RECORDS = [
    {"amount": 12.5, "country": "FR", "online": True, "at": "2026-01-31T12:00:00Z"},
    {"amount": -3.0, "country": "GB", "online": False, "at": "1999-12-31T23:59:59Z"},
    {"amount": None, "country": None, "online": None, "at": None},
    {"amount": 0.1, "country": "Côte d'Ivoire", "online": True, "at": None},
    {"amount": 1e9, "country": 'a"b\\c', "online": None, "at": "2030-06-15T07:30:00Z"},
]


class Peer:
    def __init__(self, target, rest, key):
        self.rest = rest
        self.key = key
        self.metadata = [("authorization", "Bearer " + key)]
        self.channel = grpc.insecure_channel(target, options=[("grpc.max_receive_message_length", -1)])
        self.stub = inference_pb2_grpc.GRPCInferenceServiceStub(self.channel)

    def infer(self, request, **options):
        options.setdefault("metadata", self.metadata)
        options.setdefault("timeout", 60)
        return self.stub.ModelInfer(request, **options)

    def predict(self, records):
        """What the node's own API answers, as the bits that a client reads."""
        body = json.dumps({"items": [{"features": record} for record in records]}).encode()
        request = urllib.request.Request(self.rest + "/public/api/v1/fraud/score/predict-multi", body)
        request.add_header("Authorization", "Bearer " + self.key)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return [(one["prediction"], (bits(one["probas"]["0"]), bits(one["probas"]["1"])), one["probaPercentile"]) for one in json.load(answer)["results"]]

    def infer_rest(self, records):
        """The same by the REST side of the protocol."""
        columns = [("amount", "FP64"), ("country", "BYTES"), ("online", "BOOL"), ("at", "BYTES")]
        inputs = [{"name": name, "datatype": kind, "shape": [len(records)], "data": [record[name] for record in records]} for name, kind in columns]
        request = urllib.request.Request(self.rest + "/v2/models/%s/infer" % MODEL, json.dumps({"inputs": inputs}).encode())
        request.add_header("Authorization", "Bearer " + self.key)
        with urllib.request.urlopen(request, timeout=60) as answer:
            outputs = {output["name"]: output["data"] for output in json.load(answer)["outputs"]}
        return [
            (outputs["prediction"][i], tuple(bits(value) for value in outputs["probas"][2 * i:2 * i + 2]), outputs["probaPercentile"][i]) for i in range(len(records))
        ]


def bits(value):
    """The bits of a number; a record that cannot be scored has null, or NaN."""
    return None if value is None or math.isnan(value) else struct.pack("<d", value)


def number(value):
    return math.nan if value is None else float(value)


def typed(records):
    request = pb.ModelInferRequest(model_name=MODEL, id="typed")
    shape = [len(records), 1]
    request.inputs.add(name="amount", datatype="FP64", shape=shape).contents.fp64_contents.extend(number(record["amount"]) for record in records)
    request.inputs.add(name="country", datatype="BYTES", shape=shape).contents.bytes_contents.extend((record["country"] or "").encode() for record in records)
    request.inputs.add(name="online", datatype="FP32", shape=shape).contents.fp32_contents.extend(number(record["online"]) for record in records)
    request.inputs.add(name="at", datatype="BYTES", shape=shape).contents.bytes_contents.extend((record["at"] or "").encode() for record in records)
    return request


def text(value):
    value = (value or "").encode()
    return struct.pack("<I", len(value)) + value


def raw(records):
    request = pb.ModelInferRequest(model_name=MODEL, model_version="v1", id="raw")
    for name, datatype, pack in [
        ("at", "BYTES", text), ("amount", "FP64", lambda value: struct.pack("<d", number(value))),
        ("country", "BYTES", text), ("online", "FP64", lambda value: struct.pack("<d", number(value))),
    ]:
        request.inputs.add(name=name, datatype=datatype, shape=[len(records)])
        request.raw_input_contents.append(b"".join(pack(record[name]) for record in records))
    return request


def texts(packed):
    found = []
    while packed:
        (length,) = struct.unpack_from("<I", packed)
        found.append(packed[4:4 + length].decode())
        packed = packed[4 + length:]
    return found


def results(answer):
    """As predict() gives them."""
    packed = {output.name: bytes(content) for output, content in zip(answer.outputs, answer.raw_output_contents)}
    assert len(answer.outputs) == len(answer.raw_output_contents) == 4, answer
    labels = texts(packed["prediction"])
    percentiles = struct.unpack("<%di" % len(labels), packed["probaPercentile"])
    probas = struct.unpack("<%dd" % (2 * len(labels)), packed["probas"])
    return [(labels[i], (bits(probas[2 * i]), bits(probas[2 * i + 1])), percentiles[i]) for i in range(len(labels))]


def refused(call, code, *words):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
        for word in words:
            assert word in error.details(), error.details()
        return error
    raise AssertionError("It was answered; %s was expected." % code)


def same(one, other):
    assert one == other, "\n%s\n%s" % (one, other)


def check_numbers(peer):
    """The numbers of the protocol's fields as its specification has them, so that clients made of that one fit."""
    expected = {
        pb.ModelInferRequest: "model_name model_version id parameters inputs outputs raw_input_contents",
        pb.ModelInferRequest.InferInputTensor: "name datatype shape parameters contents",
        pb.ModelInferRequest.InferRequestedOutputTensor: "name parameters",
        pb.ModelInferResponse: "model_name model_version id parameters outputs raw_output_contents",
        pb.ModelInferResponse.InferOutputTensor: "name datatype shape parameters contents",
        pb.InferParameter: "bool_param int64_param string_param double_param uint64_param",
        pb.InferTensorContents: "bool_contents int_contents int64_contents uint_contents uint64_contents fp32_contents fp64_contents bytes_contents",
        pb.ModelMetadataResponse: "name versions platform inputs outputs properties",
        pb.ModelMetadataResponse.TensorMetadata: "name datatype shape",
        pb.ModelMetadataRequest: "name version",
        pb.ModelReadyRequest: "name version",
        pb.ModelReadyResponse: "ready",
        pb.ServerMetadataResponse: "name version extensions",
    }
    for message, names in expected.items():
        for place, name in enumerate(names.split()):
            same((name, message.DESCRIPTOR.fields_by_name[name].number), (name, place + 1))


def check_server(peer):
    assert peer.stub.ServerLive(pb.ServerLiveRequest(), timeout=60).live
    assert peer.stub.ServerReady(pb.ServerReadyRequest(), timeout=60).ready
    same(peer.stub.ServerMetadata(pb.ServerMetadataRequest(), timeout=60).name, "peregrine")


def check_model(peer):
    assert peer.stub.ModelReady(pb.ModelReadyRequest(name=MODEL), metadata=peer.metadata, timeout=60).ready
    assert peer.stub.ModelReady(pb.ModelReadyRequest(name=MODEL, version="v1"), metadata=peer.metadata, timeout=60).ready
    model = peer.stub.ModelMetadata(pb.ModelMetadataRequest(name=MODEL), metadata=peer.metadata, timeout=60)
    same([(tensor.name, tensor.datatype, list(tensor.shape)) for tensor in model.inputs], [("amount", "FP64", [-1]), ("country", "BYTES", [-1]), ("online", "BOOL", [-1]), ("at", "BYTES", [-1])])
    same([(tensor.name, tensor.datatype, list(tensor.shape)) for tensor in model.outputs],
         [("prediction", "BYTES", [-1]), ("probas", "FP64", [-1, 2]), ("probaPercentile", "INT32", [-1]), ("ignoreReason", "BYTES", [-1])])
    same(list(model.versions), ["v1"])


def check_bits(peer):
    expected = peer.predict(RECORDS)
    same(peer.infer_rest(RECORDS), expected)
    for request in (typed(RECORDS), raw(RECORDS)):
        answer = peer.infer(request)
        same(results(answer), expected)
        same((answer.model_name, answer.model_version, answer.id), (MODEL, "v1", request.id))
    many = RECORDS * 500
    for make in (typed, raw):
        same(results(peer.infer(make(many))), expected * 500)
    one = raw(RECORDS[:1])
    one.outputs.add(name="probas")
    answer = peer.infer(one)
    same([(output.name, output.datatype, list(output.shape)) for output in answer.outputs], [("probas", "FP64", [1, 2])])
    same(bytes(answer.raw_output_contents[0]), b"".join(expected[0][1]))


def check_compression(peer):
    expected = peer.predict(RECORDS)
    for algorithm in (grpc.Compression.Gzip, grpc.Compression.Deflate):
        for count in (1, 400):
            answer, call = peer.stub.ModelInfer.with_call(raw(RECORDS * count), metadata=peer.metadata, timeout=60, compression=algorithm)
            same(results(answer), expected * count)
    # The channel asks for it for every call, the generated ones too.
    assert peer.stub.ServerLive(pb.ServerLiveRequest(), timeout=60, compression=grpc.Compression.Gzip).live


def check_codes(peer):
    code = grpc.StatusCode
    refused(lambda: peer.infer(raw(RECORDS), metadata=[]), code.UNAUTHENTICATED)
    refused(lambda: peer.infer(raw(RECORDS), metadata=[("authorization", "Bearer wrong")]), code.UNAUTHENTICATED)
    unknown = raw(RECORDS)
    unknown.model_name = "fraud.scor"
    refused(lambda: peer.infer(unknown), code.NOT_FOUND, "fraud.score")
    unknown = raw(RECORDS)
    unknown.model_version = "v9"
    refused(lambda: peer.infer(unknown), code.NOT_FOUND, "v9")
    refused(lambda: peer.stub.ModelReady(pb.ModelReadyRequest(name="nobody"), metadata=peer.metadata, timeout=60), code.NOT_FOUND)
    short = raw(RECORDS)
    short.raw_input_contents[1] = short.raw_input_contents[1][:-1]
    refused(lambda: peer.infer(short), code.INVALID_ARGUMENT, "amount", "39")
    both = typed(RECORDS)
    both.raw_input_contents.append(b"")
    refused(lambda: peer.infer(both), code.INVALID_ARGUMENT, "raw and typed")
    accents = typed(RECORDS[:1])
    accents.inputs[1].name = "pays é %"
    refused(lambda: peer.infer(accents), code.INVALID_ARGUMENT, "pays é %")
    refused(lambda: peer.infer(pb.ModelInferRequest(model_name=MODEL)), code.INVALID_ARGUMENT)
    refused(lambda: peer.infer(raw(RECORDS * 60000)), code.RESOURCE_EXHAUSTED)
    refused(lambda: peer.stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name=MODEL), metadata=peer.metadata, timeout=60), code.UNIMPLEMENTED)
    nowhere = peer.channel.unary_unary("/inference.GRPCInferenceService/Nothing", request_serializer=lambda _: b"", response_deserializer=bytes)
    refused(lambda: nowhere(None, timeout=60), code.UNIMPLEMENTED)


def check_deadlines(peer):
    same(results(peer.infer(raw(RECORDS), timeout=120)), peer.predict(RECORDS))
    refused(lambda: peer.infer(raw(RECORDS * 2000), timeout=0.0005), grpc.StatusCode.DEADLINE_EXCEEDED)
    same(results(peer.infer(raw(RECORDS), timeout=None)), peer.predict(RECORDS))


def check_health(peer):
    check = peer.channel.unary_unary(
        "/grpc.health.v1.Health/Check", request_serializer=health_pb2.HealthCheckRequest.SerializeToString, response_deserializer=health_pb2.HealthCheckResponse.FromString)
    watch = peer.channel.unary_stream(
        "/grpc.health.v1.Health/Watch", request_serializer=health_pb2.HealthCheckRequest.SerializeToString, response_deserializer=health_pb2.HealthCheckResponse.FromString)
    for name in ("", "inference.GRPCInferenceService", MODEL):
        same(check(health_pb2.HealthCheckRequest(service=name), timeout=60).status, health_pb2.HealthCheckResponse.SERVING)
    refused(lambda: check(health_pb2.HealthCheckRequest(service="nobody"), timeout=60), grpc.StatusCode.NOT_FOUND)
    watching = watch(health_pb2.HealthCheckRequest(service=MODEL), timeout=120)
    same(next(watching).status, health_pb2.HealthCheckResponse.SERVING)
    admin(peer, "disable")
    same(next(watching).status, health_pb2.HealthCheckResponse.NOT_SERVING)
    admin(peer, "enable")
    same(next(watching).status, health_pb2.HealthCheckResponse.SERVING)
    watching.cancel()


def admin(peer, action):
    request = urllib.request.Request(peer.rest + "/admin/api/services/fraud/actions/" + action, b"")
    request.add_header("Authorization", "Basic " + base64.b64encode(b"admin-key-of-the-node:").decode())
    urllib.request.urlopen(request, timeout=60).close()


def check_reflection(peer):
    """A client that knows nothing but what the server tells it about itself."""
    ask = peer.channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString, response_deserializer=reflection_pb2.ServerReflectionResponse.FromString)
    questions = [
        reflection_pb2.ServerReflectionRequest(list_services="*"), reflection_pb2.ServerReflectionRequest(file_containing_symbol="inference.GRPCInferenceService"),
    ]
    services, files = list(ask(iter(questions), timeout=60))
    names = [service.name for service in services.list_services_response.service]
    assert "inference.GRPCInferenceService" in names and "grpc.health.v1.Health" in names, names
    pool = descriptor_pool.DescriptorPool()
    for declared in files.file_descriptor_response.file_descriptor_proto:
        pool.Add(descriptor_pb2.FileDescriptorProto.FromString(declared))
    method = pool.FindServiceByName("inference.GRPCInferenceService").methods_by_name["ModelInfer"]
    factory = message_factory.MessageFactory(pool)
    request, response = factory.GetPrototype(method.input_type), factory.GetPrototype(method.output_type)
    infer = peer.channel.unary_unary("/inference.GRPCInferenceService/ModelInfer", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
    answer = infer(request.FromString(typed(RECORDS).SerializeToString()), metadata=peer.metadata, timeout=60)
    same(results(answer), peer.predict(RECORDS))


def main():
    check, target, rest, key = sys.argv[1:]
    started = time.monotonic()
    globals()["check_" + check](Peer(target, rest, key))
    print("%s holds (%.1f s)" % (check, time.monotonic() - started))


main()
