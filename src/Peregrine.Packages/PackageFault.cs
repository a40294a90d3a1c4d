namespace Peregrine.Packages;

/// <summary>One thing that is wrong with a package: what, where, and what to do.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Where">Entry of the archive or JSON pointer into the manifest; empty for the package as a whole.</param>
/// <param name="What">One sentence without the place.</param>
/// <param name="Remedy">One sentence: what the reader of the message can do.</param>
public sealed record PackageFault(PackageFaultCode Code, string Where, string What, string Remedy)
{
    public override string ToString() => Where.Length == 0 ? $"{What} {Remedy}" : $"{Where}: {What} {Remedy}";
}
