namespace Peregrine.Fuzz;

/// <summary>A piece of the product that takes bytes from strangers.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Good inputs that others are made from.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Words that inputs of this kind are made of.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Bytes that one case may allocate at most.</summary>
    long AllocationLimit(int inputLength);

    /// <summary>Feeds one input. What the product answers to bad input is no fault; anything else throws.</summary>
    void Run(ReadOnlySpan<byte> input);
}
