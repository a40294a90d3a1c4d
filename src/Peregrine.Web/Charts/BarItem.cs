namespace Peregrine.Web.Charts;

/// <param name="Text">The value as it is written at the end of the bar.</param>
public sealed record BarItem(string Name, double Value, string Text);
