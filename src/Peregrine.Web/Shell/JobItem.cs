using Peregrine.Web.Components;

namespace Peregrine.Web.Shell;

/// <summary>A long piece of work as the tray shows it.</summary>
public sealed record JobItem(string Id, string Title, JobState State, double? Fraction, string? Detail, TimeSpan Elapsed);
