using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>A stream of some thousand records, and whether its answer was allowed: wholly from one generation, no record lost or doubled.</summary>
internal sealed record ChaosStream(string Service, int Rows, bool Csv, string? Forced, string? Key)
{
    private const int Pieces = 25;

    public string MediaType => Csv ? "text/csv" : "application/x-ndjson";

    public string Path => $"/public/api/v1/{Service}/score/predict-multi?{(Forced is null ? "" : $"forcedGeneration={Forced}&")}{(Key is null ? "" : $"dispatchKey={Key}")}";

    public static ChaosStream Draw(Random random, string[] services)
    {
        var kind = random.Next(4);
        return new ChaosStream(
            services[random.Next(services.Length)], random.Next(500, 2_500), random.Next(2) == 0, kind == 1 ? ChaosPackages.Draw(random) : null, kind == 2 ? "caller-" + random.Next(50) : null);
    }

    /// <summary>The body, cut anywhere.</summary>
    public PacedContent Body(Random random)
    {
        var text = Encoding.UTF8.GetBytes((Csv ? "amount,country,online,at\n" : "") + string.Concat(Enumerable.Range(0, Rows).Select(row => Line(ChaosPackages.Records[row % ChaosPackages.Records.Length]))));
        int[] cuts = [0, .. Enumerable.Range(0, Pieces).Select(_ => random.Next(text.Length)).Order(), text.Length];
        return new PacedContent([.. cuts.Zip(cuts.Skip(1), (from, to) => text[from..to])], random);
    }

    /// <summary>Null: one of the states allows the answer; otherwise why none does.</summary>
    /// <param name="states">Those that were in force at some time between the request and the begin of its body.</param>
    public string? Fault(int status, string text, IReadOnlyList<ServiceModel> states)
    {
        if (status != 200) return new ChaosQuery(Service, 0, Forced, Key, Many: true, Infer: false).Fault(status, text, states);
        if (ChaosPackages.Names.FirstOrDefault(generation => text == Answer(generation)) is not { } answered) return "by no generation as a whole";
        return states.Any(state => IsAllowed(state, answered)) ? null : $"by {answered}, which none of the states allows";
    }

    private bool IsAllowed(ServiceModel state, string answered) =>
        state.IsServing && (Forced is null ? state.MayAnswer(Key).Contains(answered) : Forced == answered && state.IsLoaded(Forced));

    /// <summary>The whole answer that a generation gives.</summary>
    private string Answer(string generation)
    {
        var results = Enumerable.Range(0, ChaosPackages.Records.Length).Select(record => Result(ChaosPackages.Answer(generation, record))).ToArray();
        var lines = string.Concat(Enumerable.Range(0, Rows).Select(row => results[row % results.Length]));
        return Csv
            ? "prediction,probaPercentile,proba_0,proba_1,ignored,ignoreReason,error\n" + lines
            : lines + string.Create(CultureInfo.InvariantCulture, $"{{\"end\":{{\"state\":\"complete\",\"rows\":{Rows},\"ignored\":0,\"errors\":0}}}}\n");
    }

    private string Line(string record) => Csv ? string.Join(',', JsonNode.Parse(record)!.AsObject().Select(cell => cell.Value!.ToString())) + "\n" : record + "\n";

    private string Result(string answer)
    {
        if (!Csv) return answer + "\n";
        var result = JsonNode.Parse(answer)!;
        return $"{result["prediction"]},{result["probaPercentile"]!.ToJsonString()},{result["probas"]!["0"]!.ToJsonString()},{result["probas"]!["1"]!.ToJsonString()},false,,\n";
    }
}
