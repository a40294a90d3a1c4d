using Peregrine.Web.Components;

namespace Peregrine.Web.Shell;

/// <summary>One line that says what an action did.</summary>
public sealed record Notice(long Id, Tone Tone, string Text, string? Href = null, string? LinkText = null);
