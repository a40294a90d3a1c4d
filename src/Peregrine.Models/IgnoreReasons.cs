using Peregrine.Models.Preparation;

namespace Peregrine.Models;

/// <summary>Why a record is not scored, in the words of the wire contract.</summary>
public static class IgnoreReasons
{
    /// <summary>The key of a lookup stands in several rows of its table, and the step ignores such records.</summary>
    public const string MultipleLookupMatches = "MULTIPLE_LOOKUP_MATCHES";

    /// <summary>The key of a lookup stands in no row of its table, and the step ignores such records.</summary>
    public const string NoLookupMatch = "NO_LOOKUP_MATCH";

    /// <summary>Every reason that there is; the place in it is what counts are kept by.</summary>
    public static IReadOnlyList<string> All { get; } = [CompiledModel.IgnoredByModel, MultipleLookupMatches, NoLookupMatch];

    /// <summary>The place of a reason in <see cref="All"/>.</summary>
    public static int IndexOf(string reason) => reason switch
    {
        MultipleLookupMatches => 1,
        NoLookupMatch => 2,
        _ => 0,
    };

    /// <summary>Those that a model can give.</summary>
    public static IReadOnlyList<string> Of(ModelSpec model)
    {
        var lookups = model.Steps.OfType<LookupStep>().ToList();
        return
        [
            CompiledModel.IgnoredByModel,
            .. lookups.Exists(step => step.OnMultiple == MultipleMatches.Ignore) ? [MultipleLookupMatches] : (string[])[],
            .. lookups.Exists(step => step.OnNoMatch == NoMatch.Ignore) ? [NoLookupMatch] : (string[])[],
        ];
    }
}
