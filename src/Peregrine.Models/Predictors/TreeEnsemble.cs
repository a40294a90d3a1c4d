using System.Runtime.InteropServices;
using System.Text;

namespace Peregrine.Models.Predictors;

/// <summary>How a tree node treats a missing value (LightGBM's missing type).</summary>
public enum MissingRule : byte
{
    /// <summary>NaN counts as 0.</summary>
    None,

    /// <summary>NaN and 0 go to the default side.</summary>
    Zero,

    /// <summary>NaN goes to the default side.</summary>
    NaN,
}

/// <summary>
/// Decision trees as flat arrays, by LightGBM's rules: a number goes left when <c>x &lt;= threshold</c> in double; a category goes left when its
/// code is in the node's set, and right when it is missing, negative or unknown. Immutable once built; checked on reading.
/// </summary>
/// <remarks>Child indices: 0 or more is a node of the ensemble, negative is leaf <c>~child</c> of the ensemble. A tree's root follows the same rule.</remarks>
public sealed class TreeEnsemble
{
    public const int MaxNodes = 50_000_000;
    private const uint Magic = 0x31544750; // "PGT1"

    /// <summary>Columns of a feature row.</summary>
    public required int Width { get; init; }

    /// <summary>Scores per row; tree t adds to score t modulo this.</summary>
    public required int Outputs { get; init; }

    /// <summary>Whether the sums are divided by the number of trees per score (random forests).</summary>
    public required bool Average { get; init; }

    public required int[] Roots { get; init; }

    public required int[] Feature { get; init; }

    public required double[] Threshold { get; init; }

    public required int[] Left { get; init; }

    public required int[] Right { get; init; }

    /// <summary>Per node: bit 0 default left; bits 1-2 <see cref="MissingRule"/>; bit 3 category (its threshold is the place in <see cref="SetStarts"/>).</summary>
    public required byte[] Flags { get; init; }

    public required double[] LeafValue { get; init; }

    /// <summary>Category set i is the bits of <see cref="SetWords"/>[SetStarts[i] .. SetStarts[i + 1]).</summary>
    public required int[] SetStarts { get; init; }

    public required uint[] SetWords { get; init; }

    /// <summary>Training rows through each node, for explanations.</summary>
    public required int[] NodeCover { get; init; }

    /// <summary>Training rows in each leaf.</summary>
    public required int[] LeafCover { get; init; }

    public int Trees => Roots.Length;

    public const byte DefaultLeft = 1;
    public const byte IsCategory = 8;

    public static MissingRule Rule(byte flags) => (MissingRule)((flags >> 1) & 3);

    public void Write(Stream destination)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Width);
        writer.Write(Outputs);
        writer.Write(Average);
        WriteArray(writer, Roots);
        WriteArray(writer, Feature);
        WriteArray(writer, Threshold);
        WriteArray(writer, Left);
        WriteArray(writer, Right);
        WriteArray(writer, Flags);
        WriteArray(writer, LeafValue);
        WriteArray(writer, SetStarts);
        WriteArray(writer, SetWords);
        WriteArray(writer, NodeCover);
        WriteArray(writer, LeafCover);
    }

    /// <exception cref="ModelException">The bytes are no tree ensemble, or one with impossible links.</exception>
    public static TreeEnsemble Read(Stream source)
    {
        using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadUInt32() != Magic) throw new ModelException("The trees do not begin with their mark.");
            var ensemble = new TreeEnsemble
            {
                Width = reader.ReadInt32(),
                Outputs = reader.ReadInt32(),
                Average = reader.ReadBoolean(),
                Roots = ReadArray<int>(reader),
                Feature = ReadArray<int>(reader),
                Threshold = ReadArray<double>(reader),
                Left = ReadArray<int>(reader),
                Right = ReadArray<int>(reader),
                Flags = ReadArray<byte>(reader),
                LeafValue = ReadArray<double>(reader),
                SetStarts = ReadArray<int>(reader),
                SetWords = ReadArray<uint>(reader),
                NodeCover = ReadArray<int>(reader),
                LeafCover = ReadArray<int>(reader),
            };
            ensemble.Validate();
            return ensemble;
        }
        catch (EndOfStreamException exception)
        {
            throw new ModelException("The trees end early.", exception);
        }
    }

    /// <summary>Checks every link, so that a walk can neither leave the arrays nor run in a circle.</summary>
    /// <exception cref="ModelException">Something does not fit.</exception>
    public void Validate()
    {
        var nodes = Feature.Length;
        Require(Width is > 0 and <= 1_000_000 && Outputs is > 0 and <= 10_000, "its width or number of outputs is impossible");
        Require(Threshold.Length == nodes && Left.Length == nodes && Right.Length == nodes && Flags.Length == nodes && NodeCover.Length == nodes,
            "its node arrays differ in length");
        Require(LeafCover.Length == LeafValue.Length, "its leaf arrays differ in length");
        Require(Roots.Length > 0 && Roots.Length % Outputs == 0, "its number of trees does not fit its outputs");
        Require(SetStarts.Length > 0 && SetStarts[0] == 0 && SetStarts[^1] == SetWords.Length, "its category sets have no bounds");
        for (var i = 1; i < SetStarts.Length; i++) Require(SetStarts[i] >= SetStarts[i - 1], "its category sets overlap");
        for (var i = 0; i < nodes; i++) ValidateNode(i);
        foreach (var value in LeafValue) Require(double.IsFinite(value), "a leaf is not finite");

        // Children lie behind their parents and each node and leaf has one parent: that is a forest.
        var seenNodes = new bool[nodes];
        var seenLeaves = new bool[LeafValue.Length];
        foreach (var root in Roots) Visit(root, -1, seenNodes, seenLeaves);
        for (var i = 0; i < nodes; i++)
        {
            Visit(Left[i], i, seenNodes, seenLeaves);
            Visit(Right[i], i, seenNodes, seenLeaves);
        }
    }

    private void ValidateNode(int node)
    {
        Require((uint)Feature[node] < (uint)Width, "a node tests a column beyond its width");
        Require(Rule(Flags[node]) <= MissingRule.NaN, "a node has an unknown missing rule");
        if ((Flags[node] & IsCategory) == 0) Require(!double.IsNaN(Threshold[node]), "a threshold is NaN");
        else Require(Threshold[node] >= 0 && Threshold[node] < SetStarts.Length - 1 && Threshold[node] == Math.Floor(Threshold[node]), "a node names a category set that is not there");
    }

    private void Visit(int child, int parent, bool[] seenNodes, bool[] seenLeaves)
    {
        var seen = child >= 0 ? seenNodes : seenLeaves;
        var index = child >= 0 ? child : ~child;
        Require(index < seen.Length && (child < 0 || child > parent), "a link leads nowhere");
        Require(!seen[index], "a node or leaf has two parents");
        seen[index] = true;
    }

    private static void Require(bool holds, string complaint)
    {
        if (!holds) throw new ModelException($"The tree ensemble is damaged: {complaint}.");
    }

    private static void WriteArray<T>(BinaryWriter writer, T[] values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static T[] ReadArray<T>(BinaryReader reader) where T : unmanaged
    {
        var length = reader.ReadInt32();
        if (length is < 0 or > MaxNodes) throw new ModelException($"The trees claim an array of {length} items.");

        // In pieces, so that a short file cannot ask for a large array.
        const int piece = 1 << 16;
        var values = new T[Math.Min(piece, length)];
        for (var read = 0; ; Array.Resize(ref values, (int)Math.Min(2L * values.Length, length)))
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(read)));
            read = values.Length;
            if (read == length) return values;
        }
    }
}
