namespace Peregrine.Serving.Tests.Survival;

/// <summary>How a step fails.</summary>
internal enum FaultKind
{
    /// <summary>The disk has no room for this step; the process lives on.</summary>
    DiskFull,

    /// <summary>The process dies; what it had written stays in the kernel.</summary>
    Crash,

    /// <summary>The machine dies; what was not flushed is lost.</summary>
    PowerCut,
}
