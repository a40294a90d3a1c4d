namespace Peregrine.Packages.Archives;

/// <summary>What the zip library throws at an archive that breaks the zip format.</summary>
internal static class ZipFaults
{
    public static bool IsZipFault(Exception fault) =>
        fault is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException
            or IOException and not FileNotFoundException;

    public static PackageException Damaged(Exception cause, string where = "") => new(
        PackageFaultCode.NotAPackage, where, "The archive breaks the zip format.", "Take the archive again from where it was made.", cause);
}
