using Peregrine.Web.Components;

namespace Peregrine.Web.ModelReports;

/// <summary>One reason to trust the figures of a model, or not to.</summary>
public sealed record Finding(Tone Tone, string Text);
