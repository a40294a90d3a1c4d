using System.Collections.Immutable;
using System.Text;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>One thing that an operator does to a service.</summary>
internal sealed record ChaosAction(ActionKind Kind, string? Generation = null, MappingModel? Mapping = null, string? Switch = null)
{
    /// <summary>Draws an action that makes sense often enough, and none at times.</summary>
    public static ChaosAction Draw(Random random, ServiceModel service, int number)
    {
        if (!service.Exists) return new ChaosAction(random.Next(10) == 0 ? ActionKind.Import : ActionKind.Create, ChaosPackages.Draw(random));
        if (service.Generations.Count < 2 && random.Next(3) > 0) return new ChaosAction(ActionKind.Import, ChaosPackages.Draw(random));
        return random.Next(100) switch
        {
            < 1 => new ChaosAction(ActionKind.Delete),
            < 2 => new ChaosAction(ActionKind.Create),
            < 16 => new ChaosAction(ActionKind.Import, ChaosPackages.Draw(random)),
            < 18 => new ChaosAction(ActionKind.ImportSpoilt, ChaosPackages.Draw(random)),
            < 24 => new ChaosAction(ActionKind.Damage, ChaosPackages.Draw(random)),
            < 40 => new ChaosAction(ActionKind.Map, Mapping: new MappingModel([(DrawKnown(random, service), 1)], random: false, salt: null, DrawShadows(random, service))),
            < 52 => new ChaosAction(ActionKind.Map, Mapping: DrawMapping(random, service)),
            < 64 => new ChaosAction(ActionKind.Prepare, Mapping: DrawMapping(random, service), Switch: $"s{number}"),
            < 74 => new ChaosAction(ActionKind.Commit, Switch: DrawSwitch(random, service)),
            < 78 => new ChaosAction(ActionKind.Abort, Switch: DrawSwitch(random, service)),
            < 83 => new ChaosAction(ActionKind.Disable),
            < 91 => new ChaosAction(ActionKind.Enable),
            < 96 => new ChaosAction(ActionKind.Preload, DrawKnown(random, service)),
            _ => new ChaosAction(ActionKind.DeleteGeneration, DrawKnown(random, service)),
        };
    }

    /// <summary>Does it; the status of the answer, or 0 where there is none.</summary>
    public async Task<int> DoAsync(ChaosNode node, string service)
    {
        if (Kind == ActionKind.Damage)
        {
            node.Damage(service, Generation!);
            return 0;
        }

        var admin = "/admin/api/services/" + service;
        return Kind switch
        {
            ActionKind.Create => await node.AskAsync(HttpMethod.Post, "/admin/api/services", Text($"{{\"serviceId\":\"{service}\"}}")),
            ActionKind.Delete => await node.AskAsync(HttpMethod.Delete, admin),
            ActionKind.Import => await node.AskAsync(HttpMethod.Post, admin + "/generations", ChaosPackages.Bytes(Generation!)),
            ActionKind.ImportSpoilt => await node.AskAsync(HttpMethod.Post, admin + "/generations", ChaosPackages.Spoilt(Generation!)),
            ActionKind.Map => await node.AskAsync(HttpMethod.Post, admin + "/actions/setMapping", Text(Mapping!.ToJson())),
            ActionKind.Prepare => await node.AskAsync(HttpMethod.Put, $"{admin}/switches/{Switch}", Text($"{{\"mapping\":{Mapping!.ToJson()}}}")),
            ActionKind.Commit => await node.AskAsync(HttpMethod.Post, $"{admin}/switches/{Switch}/commit"),
            ActionKind.Abort => await node.AskAsync(HttpMethod.Post, $"{admin}/switches/{Switch}/abort"),
            ActionKind.Enable => await node.AskAsync(HttpMethod.Post, admin + "/actions/enable"),
            ActionKind.Disable => await node.AskAsync(HttpMethod.Post, admin + "/actions/disable"),
            ActionKind.Preload => await node.AskAsync(HttpMethod.Post, $"{admin}/generations/{Generation}/preload"),
            _ => await node.AskAsync(HttpMethod.Delete, $"{admin}/generations/{Generation}"),
        };
    }

    public override string ToString() => $"{Kind} {Generation}{Switch} {Mapping}".TrimEnd();

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Mostly one that is there.</summary>
    private static string DrawKnown(Random random, ServiceModel service) =>
        service.Generations.Count == 0 || random.Next(12) == 0 ? ChaosPackages.Draw(random) : service.Generations.Keys.ElementAt(random.Next(service.Generations.Count));

    /// <summary>One that is prepared, or one that never was.</summary>
    private static string DrawSwitch(Random random, ServiceModel service) =>
        service.Prepared.IsEmpty ? "none" + random.Next(1_000_000) : service.Prepared.Keys.ElementAt(random.Next(service.Prepared.Count));

    private static MappingModel DrawMapping(Random random, ServiceModel service)
    {
        var names = Enumerable.Range(0, random.Next(1, 4)).Select(_ => DrawKnown(random, service)).Distinct(StringComparer.Ordinal).ToArray();
        // Shares in 1/16 sum to 1 exactly; one of 0 keeps a generation loaded.
        var left = 16;
        var entries = names.Select((name, i) =>
        {
            var share = i == names.Length - 1 ? left : random.Next(0, left + 1);
            left -= share;
            return (name, share / 16.0);
        });
        return new MappingModel([.. entries], random.Next(4) == 0, random.Next(3) == 0 ? "salt" + random.Next(3) : null, DrawShadows(random, service));
    }

    /// <summary>None, one or two, of which one may be a generation that answers.</summary>
    private static ImmutableArray<string> DrawShadows(Random random, ServiceModel service) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => DrawKnown(random, service)).Distinct(StringComparer.Ordinal)];
}
