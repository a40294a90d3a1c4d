namespace Peregrine.Serving.Shadows;

/// <summary>What a copy holds.</summary>
internal enum ShadowForm : byte
{
    /// <summary>The body of <c>predict</c> and its answer.</summary>
    One,

    /// <summary>The body of <c>predict-multi</c>, as items or as columns, and its answer.</summary>
    Many,

    /// <summary>Records and their results, one behind the other, see <see cref="CopiedRecords"/>.</summary>
    Records,
}
