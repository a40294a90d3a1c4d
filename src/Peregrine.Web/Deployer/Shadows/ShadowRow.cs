namespace Peregrine.Web.Deployer.Shadows;

/// <summary>One shadow as it is chosen.</summary>
public sealed class ShadowRow
{
    public string Generation { get; set; } = "";

    /// <summary>Of the requests, in whole per cent: 1 to 100.</summary>
    public int Percent { get; set; } = 100;
}
