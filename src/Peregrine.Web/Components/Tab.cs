namespace Peregrine.Web.Components;

/// <summary>One tab of a page head. It is a link: each tab has its address.</summary>
public sealed record Tab(string Name, string Href, bool Exact = false)
{
    public long? Count { get; init; }

    /// <summary>Given by tabs that differ in the query only; null: told from the path.</summary>
    public bool? Active { get; init; }
}
