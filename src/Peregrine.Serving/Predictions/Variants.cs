using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>How the generation of a request was picked, as the query log tells it.</summary>
internal static class Variants
{
    /// <summary>There is just one.</summary>
    public static ReadOnlySpan<byte> Single => "single"u8;

    /// <summary>The caller named it.</summary>
    public static ReadOnlySpan<byte> Forced => "forced"u8;

    /// <summary>By lot, within a split.</summary>
    public static ReadOnlySpan<byte> Random => "random"u8;

    /// <summary>By the caller's dispatch key, within a split.</summary>
    public static ReadOnlySpan<byte> Sticky => "sticky"u8;

    /// <param name="isForced">Whether the caller named the generation.</param>
    /// <param name="dispatchKey">The caller's; empty: none.</param>
    public static ReadOnlySpan<byte> Of(ServiceSnapshot service, bool isForced, ReadOnlySpan<byte> dispatchKey) =>
        isForced ? Forced
        : service.IsSingle ? Single
        : service.IsSticky && !dispatchKey.IsEmpty ? Sticky
        : Random;
}
