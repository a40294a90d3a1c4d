using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>What a computation came to: an answer, or why there is none.</summary>
/// <param name="IsKept">Whether the cache has it now.</param>
internal readonly record struct FlightEnd(ApiError? Error, CachedAnswer? Answer, bool IsKept);
