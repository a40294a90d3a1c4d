using System.Collections.Immutable;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>The rules of docs/api-node/generations.md, as a function from one state to the next.</summary>
internal static class ChaosRules
{
    private const int MostOpen = 4;

    /// <param name="damaged">Generations whose file on the disk was spoilt.</param>
    public static Outcome Apply(ServiceModel service, ImmutableHashSet<string> damaged, ChaosAction action)
    {
        Outcome Refused(int status) => new(status, service, damaged);
        if (action.Kind == ActionKind.Create)
            return service.Exists ? Refused(409) : new Outcome(200, new ServiceModel(service.Id) { Exists = true }, []);
        if (!service.Exists) return Refused(action.Kind == ActionKind.Damage ? 0 : 404);
        return action.Kind switch
        {
            ActionKind.Delete => new Outcome(200, new ServiceModel(service.Id), []),
            ActionKind.Import => Import(service, damaged, action.Generation!),
            ActionKind.ImportSpoilt => Refused(422),
            ActionKind.Damage => service.Generations.ContainsKey(action.Generation!) ? new Outcome(0, service, damaged.Add(action.Generation!)) : Refused(0),
            ActionKind.Map => Needing(action.Mapping!, service, damaged, service with { Enabled = true, Mapping = action.Mapping }),
            ActionKind.Prepare => service.Prepared.Count >= MostOpen && KnowsAll(service, action.Mapping!)
                ? Refused(409)
                : Needing(action.Mapping!, service, damaged, service with { Prepared = service.Prepared.Add(action.Switch!, action.Mapping!) }),
            ActionKind.Commit => Commit(service, damaged, action.Switch!),
            ActionKind.Abort => Build(service, service with { Prepared = service.Prepared.Remove(action.Switch!) }, damaged, _ => false, retry: false),
            ActionKind.Enable => Build(service, service with { Enabled = true }, damaged, generation => service.Mapping?.Names(generation) == true, retry: true),
            ActionKind.Disable => Build(service, service with { Enabled = false }, damaged, _ => false, retry: false),
            ActionKind.Preload => Preload(service, damaged, action.Generation!),
            ActionKind.DeleteGeneration => DeleteGeneration(service, damaged, action.Generation!),
            _ => throw new InvalidOperationException($"{action.Kind} is no action of one service."),
        };
    }

    /// <summary>After a start everything that is needed is tried, and nothing else is loaded.</summary>
    public static ServiceModel Restarted(ServiceModel service, ImmutableHashSet<string> damaged)
    {
        var fresh = service with { Generations = service.Generations.ToImmutableSortedDictionary(one => one.Key, _ => Held.Available, StringComparer.Ordinal) };
        return Build(fresh, fresh, damaged, _ => false, retry: true).After;
    }

    /// <summary>After <c>services-clean-unused</c>.</summary>
    public static ServiceModel Cleaned(ServiceModel service)
    {
        var kept = service with { Generations = service.Generations.RemoveRange(service.Generations.Keys.Where(generation => !service.Needs(generation))) };
        return kept is { Exists: true, Enabled: false, Generations.Count: 0 } ? new ServiceModel(service.Id) : kept;
    }

    private static Outcome Import(ServiceModel service, ImmutableHashSet<string> damaged, string generation)
    {
        var mended = damaged.Remove(generation);
        if (service.Generations.ContainsKey(generation)) return Build(service, service, mended, _ => false, retry: true);
        return new Outcome(200, service with { Generations = service.Generations.Add(generation, Held.Available) }, mended);
    }

    private static Outcome Commit(ServiceModel service, ImmutableHashSet<string> damaged, string id)
    {
        if (!service.Prepared.TryGetValue(id, out var mapping)) return new Outcome(404, service, damaged);
        return Build(service, service with { Enabled = true, Mapping = mapping, Prepared = service.Prepared.Remove(id) }, damaged, mapping.Names, retry: false);
    }

    private static Outcome Preload(ServiceModel service, ImmutableHashSet<string> damaged, string generation)
    {
        if (!service.Generations.ContainsKey(generation)) return new Outcome(404, service, damaged);
        if (service.IsLoaded(generation)) return new Outcome(200, service, damaged);
        if (damaged.Contains(generation)) return new Outcome(422, service, damaged);
        return new Outcome(200, service with { Generations = service.Generations.SetItem(generation, Held.Loaded) }, damaged);
    }

    private static Outcome DeleteGeneration(ServiceModel service, ImmutableHashSet<string> damaged, string generation)
    {
        if (!service.Generations.ContainsKey(generation)) return new Outcome(404, service, damaged);
        if (service.Needs(generation)) return new Outcome(409, service, damaged);
        return new Outcome(200, service with { Generations = service.Generations.Remove(generation) }, damaged.Remove(generation));
    }

    private static bool KnowsAll(ServiceModel service, MappingModel mapping) => mapping.Generations.All(service.Generations.ContainsKey);

    private static Outcome Needing(MappingModel mapping, ServiceModel before, ImmutableHashSet<string> damaged, ServiceModel after) =>
        KnowsAll(before, mapping) ? Build(before, after, damaged, mapping.Names, retry: false) : new Outcome(404, before, damaged);

    /// <summary>Loads what is needed and not loaded; what nothing needs is let go unless it was preloaded and the mapping is the same.</summary>
    private static Outcome Build(ServiceModel before, ServiceModel after, ImmutableHashSet<string> damaged, Func<string, bool> must, bool retry)
    {
        var generations = after.Generations;
        foreach (var (generation, held) in after.Generations)
        {
            if (!after.Needs(generation))
            {
                if (!ReferenceEquals(before.Mapping, after.Mapping) || before.Needs(generation)) generations = generations.SetItem(generation, Held.Available);
            }
            else if (held != Held.Loaded && (held != Held.Failed || retry || must(generation)))
            {
                if (damaged.Contains(generation) && must(generation)) return new Outcome(422, before, damaged);
                generations = generations.SetItem(generation, damaged.Contains(generation) ? Held.Failed : Held.Loaded);
            }
        }

        return new Outcome(200, after with { Generations = generations }, damaged);
    }
}
