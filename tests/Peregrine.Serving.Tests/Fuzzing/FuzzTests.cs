using CsCheck;
using Peregrine.Fuzz;
using Peregrine.Fuzz.Targets;

namespace Peregrine.Serving.Tests.Fuzzing;

/// <summary>A few thousand cases of each target; <c>eng/fuzz</c> runs millions. Runs alone: it counts what a case allocates.</summary>
[Collection(nameof(FuzzTests))]
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
public sealed class FuzzTests
{
    private const int Cases = 2_000;

    [Fact]
    public async Task Targets_WithMutatedInput_HoldTheirPromises()
    {
        await using var targets = await FuzzTargets.CreateAsync();
        foreach (var target in targets.All) new FuzzRun(target, seed: 7).Run(0, FuzzTargets.IsSlow(target) ? Cases / 10 : Cases);
    }

    [Fact]
    public async Task Targets_WithTheirCorpusAsItIs_HoldTheirPromises()
    {
        await using var targets = await FuzzTargets.CreateAsync();
        foreach (var target in targets.All)
            foreach (var input in target.Corpus) new FuzzRun(target, seed: 0).RunOne(input, -1);
    }

    [Fact]
    public void Scanner_WithAnyJson_AgreesWithSystemTextJson()
    {
        string[] words = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "1", "-0.5e3", "true", "null", " "];
        var text = Gen.Int[0, words.Length - 1].Array[0, 24].Select(parts => System.Text.Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => words[part]))));
        var target = new JsonTarget();
        text.Sample(input => target.Run(input), iter: 20_000, seed: "0000000000000", threads: 1);
    }

    [Fact]
    public void Ring_WithAnyScript_AgreesWithAQueue()
    {
        var target = new RingTarget();
        Gen.Byte.Array[0, 200].Sample(input => target.Run(input), iter: 5_000, seed: "0000000000000", threads: 1);
    }
}
