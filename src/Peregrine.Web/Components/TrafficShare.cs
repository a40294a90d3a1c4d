namespace Peregrine.Web.Components;

/// <summary>The part of the traffic that one version answers.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Variant">Place in the chart colours, so that a version keeps its colour wherever it is drawn; counted from 0.</param>
public sealed record TrafficShare(string Version, double Share, int Variant = 0);
