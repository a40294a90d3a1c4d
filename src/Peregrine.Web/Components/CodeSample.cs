namespace Peregrine.Web.Components;

/// <summary>The same action in another language: REST, CLI or YAML.</summary>
public sealed record CodeSample(string Name, string Code);
