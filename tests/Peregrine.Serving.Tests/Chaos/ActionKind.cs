namespace Peregrine.Serving.Tests.Chaos;

/// <summary>What an operator may do, or what may befall a package on the disk.</summary>
internal enum ActionKind
{
    Create,
    Delete,
    Import,
    ImportSpoilt,
    Damage,
    Map,
    Prepare,
    Commit,
    Abort,
    Enable,
    Disable,
    Preload,
    DeleteGeneration,
}
