namespace Peregrine.Designing.Projects;

/// <summary>The documents a project has; a client reads one, changes it and sends it back whole.</summary>
public enum ProjectDocument
{
    Metadata,
    Settings,
    Permissions,
    Tags,
    Variables,
}
