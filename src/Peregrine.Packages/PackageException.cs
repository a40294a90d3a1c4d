namespace Peregrine.Packages;

/// <summary>A package that cannot be made, read or trusted.</summary>
public sealed class PackageException(PackageFault fault, Exception? cause = null) : Exception(fault.ToString(), cause)
{
    public PackageException(PackageFaultCode code, string where, string what, string remedy, Exception? cause = null)
        : this(new PackageFault(code, where, what, remedy), cause)
    {
    }

    public PackageFault Fault { get; } = fault;
}
