using Peregrine.Hosting.Errors;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Kinds;

/// <summary>What a call came to.</summary>
/// <param name="Error">Null: it is answered. <see cref="PredictionEngine.Moved"/>: the path leads nowhere in the newest snapshot.</param>
/// <param name="Route">The route that was taken in the end.</param>
internal readonly record struct KindOutcome(ApiError? Error, UserRoute Route, PredictionReport Report, CacheUse Cache);
