using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class PredictMultiBitsTests
{
    [Fact]
    public async Task PredictMulti_TenThousandRandomRecords_GivesTheTextOfPredict()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = TestModels.Trees() }).StartAsync();
        var random = new Random(5);
        for (var call = 0; call < 10; call++)
        {
            var records = Enumerable.Range(0, 1_000 - call).Select(_ => RandomRecord(random)).ToList();
            var body = $$"""{"items":[{{string.Join(',', records.Select(record => $$"""{"features":{{record}}}"""))}}]}""";
            var many = Ask(node, body, "predict-multi");
            var expected = records.Select(record => ResultOf(Ask(node, $$"""{"features":{{record}}}""", "predict")));
            many[..many.IndexOf(",\"timing\"", StringComparison.Ordinal)].ShouldBe($$"""{"results":[{{string.Join(',', expected)}}]""");
        }
    }

    private static string Ask(TestNode node, string body, string call)
    {
        var engine = node.Services.GetRequiredService<PredictionEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find($"/public/api/v1/fraud/score/{call}")!.Endpoint;
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        var caller = new Caller(CallerKey.Anyone, null, 0);
        var bytes = Encoding.UTF8.GetBytes(body);
        var error = call == "predict" ? engine.Predict(route, bytes, caller, output, ref report) : engine.PredictMulti(route, bytes, caller, output, ref report);
        error.ShouldBeNull();
        var text = Encoding.UTF8.GetString(output.Written);
        Utf8Output.Return(output);
        return text;
    }

    private static string ResultOf(string answer) => answer["{\"result\":".Length..answer.IndexOf(",\"timing\"", StringComparison.Ordinal)];

    /// <summary>Missing amounts are ignored by the model, unknown countries are not.</summary>
    private static string RandomRecord(Random random)
    {
        var amount = random.Next(10) == 0 ? "null" : (random.NextDouble() * 300 - 20).ToString("R", CultureInfo.InvariantCulture);
        var country = random.Next(8) switch { 0 => "null", 1 => "\"XX\"", 2 or 3 or 4 => "\"FR\"", _ => "\"GB\"" };
        var online = random.Next(3) switch { 0 => "null", 1 => "true", _ => "0" };
        return $$"""{"amount":{{amount}},"country":{{country}},"online":{{online}},"at":"2026-0{{random.Next(1, 10)}}-1{{random.Next(10)}}T{{random.Next(10, 24)}}:{{random.Next(10, 60)}}:00Z"}""";
    }
}
