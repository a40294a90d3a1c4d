namespace Peregrine.Web.Shell;

/// <summary>One place that the command palette leads to.</summary>
/// <param name="Kind">The word for what it is: "project", "dataset", "deployment", …</param>
public sealed record PaletteEntry(string Kind, string Name, string Href, string Icon, string? Context = null);
