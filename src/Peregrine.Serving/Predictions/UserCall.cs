using Microsoft.AspNetCore.Http;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>One call of the user API, from the moment it is known who asks.</summary>
/// <param name="Path">Normalised: by it the route is found again when the snapshot was replaced.</param>
internal readonly record struct UserCall(HttpContext Context, string Path, UserRoute Route, Caller Caller);
