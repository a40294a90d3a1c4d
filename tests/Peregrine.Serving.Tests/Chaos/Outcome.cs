using System.Collections.Immutable;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>What an action should come to: the status, and the service and its disk afterwards.</summary>
internal sealed record Outcome(int Status, ServiceModel After, ImmutableHashSet<string> Damaged);
