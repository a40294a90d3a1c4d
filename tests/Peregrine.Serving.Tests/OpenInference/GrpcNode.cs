using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>How the tests speak gRPC with a node.</summary>
internal sealed class GrpcNode : IDisposable
{
    private readonly GrpcChannel _channel;

    public GrpcNode(TestNode node)
    {
        _channel = GrpcChannel.ForAddress(node.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Client = new GRPCInferenceService.GRPCInferenceServiceClient(_channel);
    }

    public GRPCInferenceService.GRPCInferenceServiceClient Client { get; }

    public ChannelBase Channel => _channel;

    public void Dispose() => _channel.Dispose();

    public static async Task<RpcException> FailsAsync<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    /// <summary>All inputs as raw contents, in types that can tell of a missing value.</summary>
    public static ModelInferRequest Raw(InferRecords records)
    {
        var request = new ModelInferRequest { ModelName = "fraud.score" };
        Add("country", "BYTES", row => InferRecords.Prefixed(records.CountryOrEmpty(row)));
        Add("amount", "FP64", row => Number(records.AmountOr(row, double.NaN)));
        Add("at", "BYTES", row => InferRecords.Prefixed(records.AtOrEmpty(row)));
        Add("online", "FP64", row => Number(records.OnlineOr(row, double.NaN)));
        return request;

        void Add(string name, string type, Func<int, byte[]> cell)
        {
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = type, Shape = { records.Count, 1 } });
            request.RawInputContents.Add(ByteString.CopyFrom([.. Enumerable.Range(0, records.Count).SelectMany(cell)]));
        }
    }

    /// <summary>The same as typed contents.</summary>
    public static ModelInferRequest Typed(InferRecords records)
    {
        var rows = Enumerable.Range(0, records.Count).ToList();
        var request = new ModelInferRequest { ModelName = "fraud.score", Id = "from the message" };
        Add("amount", "FP64", new InferTensorContents { Fp64Contents = { rows.Select(row => records.AmountOr(row, double.NaN)) } });
        Add("country", "BYTES", new InferTensorContents { BytesContents = { rows.Select(row => ByteString.CopyFromUtf8(records.CountryOrEmpty(row))) } });
        Add("online", "FP32", new InferTensorContents { Fp32Contents = { rows.Select(row => (float)records.OnlineOr(row, double.NaN)) } });
        Add("at", "BYTES", new InferTensorContents { BytesContents = { rows.Select(row => ByteString.CopyFromUtf8(records.AtOrEmpty(row))) } });
        return request;

        void Add(string name, string type, InferTensorContents contents) =>
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = type, Shape = { records.Count }, Contents = contents });
    }

    /// <summary>A record's result in the words of <c>predict</c>.</summary>
    public static string ResultOf(ModelInferResponse answer, int row)
    {
        var raw = answer.Outputs.Select((output, place) => (output.Name, Bytes: answer.RawOutputContents[place].ToByteArray())).ToDictionary(output => output.Name, output => output.Bytes);
        var reason = Texts(raw["ignoreReason"])[row];
        if (reason.Length > 0) return $"{{\"ignored\":true,\"ignoreReason\":\"{reason}\"}}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"prediction\":\"{Texts(raw["prediction"])[row]}\",\"probaPercentile\":{BinaryPrimitives.ReadInt32LittleEndian(raw["probaPercentile"].AsSpan(row * 4))},\"probas\":{{\"0\":{Proba(raw, row * 2)},\"1\":{Proba(raw, (row * 2) + 1)}}},\"ignored\":false}}");
    }

    private static string Proba(Dictionary<string, byte[]> raw, int place)
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(raw["probas"].AsSpan(place * 8));
        return double.IsNaN(value) ? "null" : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static List<string> Texts(byte[] bytes)
    {
        var texts = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            texts.Add(System.Text.Encoding.UTF8.GetString(bytes, at + 4, length));
            at += 4 + length;
        }

        return texts;
    }

    private static byte[] Number(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }
}
