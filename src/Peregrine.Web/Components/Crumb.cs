namespace Peregrine.Web.Components;

/// <summary>One step of the breadcrumb.</summary>
public sealed record Crumb(string Name, string Href);
