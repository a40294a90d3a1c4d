using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>Any bytes give an answer or a refusal, never a fault, and memory in proportion to them.</summary>
/// <remarks><c>PEREGRINE_FUZZ_CASES</c> sets the number of cases per test, to go on for longer.</remarks>
[Collection(nameof(InferAllocationTests))]
public sealed class InferFuzzTests
{
    private static readonly string[] s_names = ["amount", "country", "online", "at", "id"];

    private static readonly int s_cases = int.TryParse(Environment.GetEnvironmentVariable("PEREGRINE_FUZZ_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases : 20_000;

    [Fact]
    public async Task InferRest_ChangedBytes_AnswersOrRefuses()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.QueryLogEnabled = false).StartAsync();
        var target = new Target(node);
        var seeds = Seeds();
        var change = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100_000], Gen.Byte);
        var gen = Gen.Select(Gen.Int[0, seeds.Length - 1], change.Array[0, 6], Gen.Int[-3, 3]);
        gen.Sample(
            (seed, changes, shift) =>
            {
                var (body, header) = seeds[seed];
                foreach (var (kind, place, value) in changes) body = Change(body, kind, place, value);
                target.Ask(body, Math.Clamp(header + shift, 0, body.Length));
            }, iter: s_cases, threads: 1);
    }

    [Fact]
    public async Task InferRest_AnyBytesBehindAGoodHeader_AnswersOrRefuses()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.QueryLogEnabled = false).StartAsync();
        var target = new Target(node);
        string[] types = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES"];
        var tensor = Gen.Select(Gen.Int[0, 4].Select(name => s_names[name]), Gen.Int[0, types.Length - 1].Select(type => types[type]), Gen.Int[0, 4], Gen.Int[0, 40]);
        Gen.Select(tensor.Array[1, 5], Gen.Byte.Array[0, 160]).Sample(
            (tensors, data) =>
            {
                var text = Encoding.UTF8.GetBytes($"{{\"inputs\":[{string.Join(',', tensors.Select(tensor =>
                    $"{{\"name\":\"{tensor.Item1}\",\"datatype\":\"{tensor.Item2}\",\"shape\":[{tensor.Item3}],\"parameters\":{{\"binary_data_size\":{tensor.Item4}}}}}"))}]}}");
                target.Ask([.. text, .. data], text.Length);
                // The sizes that add up get past the first checks.
                var total = tensors.Sum(tensor => tensor.Item4);
                target.Ask([.. text, .. data[..Math.Min(total, data.Length)], .. new byte[Math.Max(0, total - data.Length)]], text.Length);
            }, iter: s_cases, threads: 1);
    }

    private static (byte[] Body, int Header)[] Seeds()
    {
        var seeds = new List<(byte[], int)>();
        foreach (var rows in new[] { 1, 3 })
        {
            var records = new InferRecords(rows, rows);
            foreach (var (header, data) in new[] { (records.Json(), []), records.Binary(), records.Mixed() })
            {
                var text = Encoding.UTF8.GetBytes(header.ToJsonString());
                seeds.Add(([.. text, .. data], text.Length));
            }
        }

        return [.. seeds];
    }

    private static byte[] Change(byte[] body, int kind, int place, byte value)
    {
        if (body.Length == 0) return [value];
        var at = place % body.Length;
        return kind switch
        {
            0 => [.. body[..at], value, .. body[(at + 1)..]],
            1 => [.. body[..at], value, .. body[at..]],
            2 => [.. body[..at], .. body[Math.Min(body.Length, at + (value % 16))..]],
            3 => [.. body[..at], .. body[at..Math.Min(body.Length, at + (value % 32))], .. body[at..]],
            _ => [.. body[..at], (byte)"0123456789-,[]{}\"eE.:"[value % 20], .. body[(at + 1)..]],
        };
    }

    private sealed class Target(TestNode node)
    {
        private readonly InferEngine _engine = node.Services.GetRequiredService<InferEngine>();
        private readonly EndpointRoute _route = node.Services.GetRequiredService<NodeState>().Current.Find("/v2/models/fraud.score/infer")!.Endpoint;

        public void Ask(byte[] body, int headerLength)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var output = Utf8Output.Rent();
            var work = InferWorkspace.Rent();
            var report = default(PredictionReport);
            var error = _engine.InferRest(_route, null, body, headerLength, new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp()), work, output, ref report);
            if (error is null) output.Length.ShouldBeGreaterThan(0);
            else Check(error);
            InferWorkspace.Return(work);
            Utf8Output.Return(output);
            // Faults are told in strings, the first request of a thread brings its buffers.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(256 * 1024 + (body.Length * 64));
        }

        private static void Check(ApiError error)
        {
            error.Status.ShouldBeOneOf(400, 413);
            error.Message.ShouldNotBeEmpty();
        }
    }
}
