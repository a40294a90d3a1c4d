namespace Peregrine.Packages;

/// <summary>Why a package is refused.</summary>
public enum PackageFaultCode
{
    /// <summary>No package at all, or one that was cut short, changed or packed again by another program.</summary>
    NotAPackage,

    /// <summary>Made by a newer version than this one reads.</summary>
    NewerFormat,

    /// <summary>Larger than the limits of the reader.</summary>
    TooLarge,

    /// <summary>The archive is whole, but its entries break the rules of the format.</summary>
    BadStructure,

    /// <summary>The manifest or the settings of an endpoint are not valid.</summary>
    BadManifest,

    /// <summary>A model in the package cannot be used.</summary>
    BadModel,

    /// <summary>The model does not reproduce its golden records here.</summary>
    GoldenMismatch,
}
