using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer;

/// <summary>Which versions shall answer: one, or a champion and a challenger with its share.</summary>
public sealed class TrafficForm
{
    public string Champion { get; set; } = "";

    /// <summary>Empty: the champion answers everything.</summary>
    public string Challenger { get; set; } = "";

    /// <summary>Of the requests, in whole per cent: 1 to 99.</summary>
    public int ChallengerPercent { get; set; } = 10;

    /// <summary>The same dispatch key always meets the same version.</summary>
    public bool Sticky { get; set; }

    public bool HasChallenger => Challenger.Length > 0 && Challenger != Champion;

    public static TrafficForm Of(GenerationsMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var shares = mapping.Shares.OrderByDescending(share => share.Proba).ToList();
        return new TrafficForm
        {
            Champion = shares is [var most, ..] ? most.Generation : "",
            Challenger = shares.Skip(1).FirstOrDefault()?.Generation ?? "",
            ChallengerPercent = shares.Count > 1 ? (int)Math.Round(shares[1].Proba * 100) : 10,
            Sticky = mapping.Strategy == MappingStrategy.Hash,
        };
    }

    public GenerationsMapping Mapping => !HasChallenger ? GenerationsMapping.Single(Champion) : new GenerationsMapping
    {
        Mode = MappingMode.MultiGeneration,
        Entries = [new GenerationShare(Champion, (100 - ChallengerPercent) / 100d), new GenerationShare(Challenger, ChallengerPercent / 100d)],
        Strategy = Sticky ? MappingStrategy.Hash : MappingStrategy.Random,
    };

    public IReadOnlyList<TrafficShare> Preview => Mapping.Traffic();

    /// <summary>What pressing the button will do, before it is pressed.</summary>
    public string Says(GenerationsMapping now)
    {
        ArgumentNullException.ThrowIfNull(now);
        if (Same(now, Mapping)) return "This is what is wanted already; the nodes are brought to it again.";
        if (!HasChallenger) return $"{Champion} answers every request. Versions that answer now finish what they have begun.";
        return $"{Challenger} answers {Figures.Share(ChallengerPercent / 100d)} of the requests{(Sticky ? ", always for the same keys" : "")}; {Champion} answers the others.";
    }

    private static bool Same(GenerationsMapping left, GenerationsMapping right) => left.Strategy == right.Strategy && left.Shares.SequenceEqual(right.Shares);
}
