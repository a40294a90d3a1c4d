namespace Peregrine.Serving.Shadows;

/// <summary>A copy that waits for its answer to go before it is offered. It holds no room in the queue yet.</summary>
internal sealed record ShadowCopy(ShadowQuery Query);
