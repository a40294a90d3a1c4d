namespace Peregrine.Hosting.Health;

/// <summary>Something that must hold before a node takes requests. Asked on every probe: it answers from memory, at once.</summary>
public interface IReadinessCondition
{
    string Name { get; }

    Readiness Check();

    /// <summary>One line per part, for people who ask verbosely. Default: none.</summary>
    IEnumerable<string> Details() => [];
}
