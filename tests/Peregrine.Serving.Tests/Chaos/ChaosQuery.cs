using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>One request of a caller, and whether an answer to it was allowed.</summary>
internal sealed record ChaosQuery(string Service, int Record, string? Forced, string? Key, bool Many, bool Infer, bool Grpc = false)
{
    private static readonly string[] s_refusals = ["ServiceNotServing", "ServiceUnavailable"];

    public string Path => Infer
        ? $"/v2/models/{Service}.score{(Forced is null ? "" : "/versions/" + Forced)}/infer"
        : $"/public/api/v1/{Service}/score/{(Many ? "predict-multi" : "predict")}";

    public string Body
    {
        get
        {
            if (Infer) return ChaosPackages.Tensors(Record);
            var features = $"{{\"features\":{ChaosPackages.Records[Record]}}}";
            var payload = Many ? $"\"items\":[{features},{features}]" : features[1..^1];
            var dispatch = string.Join(',', ((string?[])[Forced is null ? null : $"\"forcedGeneration\":\"{Forced}\"", Key is null ? null : $"\"dispatchKey\":\"{Key}\""]).Where(one => one is not null));
            return $"{{{payload}{(dispatch.Length == 0 ? "" : $",\"dispatch\":{{{dispatch}}}")}}}";
        }
    }

    public static ChaosQuery Draw(Random random, string[] services)
    {
        var kind = random.Next(8);
        return new ChaosQuery(
            services[random.Next(services.Length)], random.Next(ChaosPackages.Records.Length), kind is 1 or 4 or 6 ? ChaosPackages.Draw(random) : null,
            kind is 2 ? "caller-" + random.Next(50) : null, Many: kind is 0 or 2 or 1 && random.Next(2) == 0, Infer: kind >= 4, Grpc: kind >= 6);
    }

    public Task<(int Status, string Text)> AskAsync(ChaosNode node) =>
        Grpc ? node.GrpcAsync(ChaosPackages.Message($"{Service}.score", Forced, Record)) : node.QueryAsync(Path, Body);

    /// <summary>Null: one of the states allows the answer; otherwise why none does.</summary>
    /// <param name="states">Those that were in force at some time between the request and its answer.</param>
    public string? Fault(int status, string text, IReadOnlyList<ServiceModel> states)
    {
        var faults = states.Select(state => Fault(status, text, state)).ToList();
        return faults.Contains(null) ? null : string.Join("; ", faults.Distinct());
    }

    private string? Fault(int status, string text, ServiceModel state)
    {
        if (!state.Exists) return status == 404 ? null : $"{status} although there is no such service";
        if (!state.IsServing) return status == 503 && (Infer || s_refusals.Contains((string?)JsonNode.Parse(text)!["errorType"])) ? null : $"{status} although it does not serve";
        if (Forced is not null && !state.IsLoaded(Forced)) return status == 404 ? null : $"{status} although {Forced} is not loaded";
        if (status != 200) return $"{status} although it serves";
        var answered = GenerationOf(text);
        var allowed = Forced is not null ? [Forced] : state.MayAnswer(Infer ? null : Key).ToArray();
        if (!allowed.Contains(answered)) return $"answered by {answered}, not by {string.Join(" or ", allowed)}";
        return HasTheBitsOf(answered, text) ? null : $"not the answer of {answered}";
    }

    private string GenerationOf(string text) => (string?)(Infer ? JsonNode.Parse(text)!["model_version"] : JsonNode.Parse(text)!["apiContext"]!["serviceGeneration"]) ?? "nobody";

    private bool HasTheBitsOf(string generation, string text)
    {
        if (Infer) return ChaosPackages.Probabilities(generation, Record).All(probability => text.Contains(probability, StringComparison.Ordinal));
        var result = ChaosPackages.Answer(generation, Record);
        return text.Split(Many ? result[1..^1] : $"\"result\":{result},").Length == (Many ? 3 : 2);
    }
}
